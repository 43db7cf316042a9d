package io.ramtide.scanner.windows.network.table;

import io.ramtide.scanner.symbols.PdbId;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.kernel.ModulePdb;
import io.ramtide.scanner.windows.module.KernelModule;
import io.ramtide.scanner.windows.module.KernelModules;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * tcpip.sys in a guest, and its variables.
 *
 * @param base VA of its image
 * @param rvas by symbol
 */
record TcpipModule(Guest guest, long base, Map<String, Long> rvas) {
  private static final String NAME = "tcpip.sys";

  /**
   * What was found.
   *
   * @param trouble why its variables are not known
   */
  record Found(Optional<TcpipModule> module, String trouble) {}

  static Found find(Guest guest) {
    String trouble = "no kernel module is " + NAME;
    for (KernelModule module : KernelModules.of(guest).modules()) {
      if (!NAME.equalsIgnoreCase(module.name().value())) {
        continue;
      }
      Optional<PdbId> pdb = ModulePdb.of(guest.space(), module.base());
      Map<String, Long> rvas = pdb.map(guest.symbols()::module).orElse(Map.of());
      if (!rvas.isEmpty()) {
        return new Found(Optional.of(new TcpipModule(guest, module.base(), rvas)), null);
      }
      trouble =
          pdb.map(TcpipModule::unknown)
              .orElseGet(
                  () -> "which PDB %s at 0x%x names cannot be read".formatted(NAME, module.base()));
    }
    return new Found(Optional.empty(), trouble);
  }

  private static String unknown(PdbId pdb) {
    return "%s names the PDB %s %s-%d, which is in no table; import its table: ramtide symbols import %s/%s-%d.json.xz"
        .formatted(
            NAME, printable(pdb.name()), pdb.guid(), pdb.age(), "tcpip.pdb", pdb.guid(), pdb.age());
  }

  /** A guest may write any name. */
  private static String printable(String name) {
    return name.matches("[\\w.-]{1,64}") ? name : "of another name";
  }

  /** VA of a variable; empty if this tcpip.sys has none of that name. */
  OptionalLong variable(String symbol) {
    Long rva = rvas.get(symbol);
    return rva == null ? OptionalLong.empty() : OptionalLong.of(base + rva);
  }

  /** The address that a variable holds; empty if it cannot be read, or is none in the kernel. */
  OptionalLong pointer(String symbol) {
    OptionalLong at = variable(symbol);
    OptionalLong value = at.isPresent() ? guest.space().qword(at.getAsLong()) : at;
    return value.isPresent() && guest.isKernelAddress(value.getAsLong())
        ? value
        : OptionalLong.empty();
  }
}
