package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.PageTables;
import io.ramtide.scanner.symbols.KernelSymbols;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.PdbId;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A Windows kernel that was found.
 *
 * @param space the address space of the root it was found by
 * @param selfMapIndex root slot that refers to the root; -1 if none does
 * @param base VA of its image
 * @param size of its image, bytes
 * @param symbols what is known of exactly this kernel, by its PDB's GUID and age
 * @param build Windows build number, if anything in memory names it
 * @param guestTime 100 ns since 1601 UTC
 * @param activeProcessHead VA of PsActiveProcessHead, by symbol or KDBG
 * @param variables VAs of kernel variables that memory itself names: its debugger block (KDBG), in
 *     the clear or decoded, and its exports
 * @param servicePack number of the service pack, as the debugger block refers to it
 * @param foundBy for people: how root and image were found
 */
public record Kernel(
    AddressSpace space,
    int selfMapIndex,
    long base,
    int size,
    Optional<PdbId> pdb,
    Optional<KernelSymbols> symbols,
    OptionalInt build,
    OptionalLong guestTime,
    OptionalLong activeProcessHead,
    Map<String, Long> variables,
    OptionalInt servicePack,
    String foundBy) {
  public Kernel {
    variables = Map.copyOf(variables);
  }

  /** VA of a kernel variable: by the exact symbols, else as memory itself names it. */
  public OptionalLong symbol(String name) {
    OptionalLong rva = symbols.map(exact -> exact.rva(name)).orElse(OptionalLong.empty());
    if (rva.isPresent()) {
      return OptionalLong.of(base + rva.getAsLong());
    }
    Long va = variables.get(name);
    return va == null ? OptionalLong.empty() : OptionalLong.of(va);
  }

  /**
   * This kernel, with a space that reads page-table entries as kernels of the layout write them.
   */
  public Kernel with(Layout layout) {
    PageTables tables = space.tables();
    PageTables exact =
        new PageTables(tables.mode(), KernelPtes.of(this, layout), tables.frames(), tables.root());
    return new Kernel(
        new AddressSpace(exact),
        selfMapIndex,
        base,
        size,
        pdb,
        symbols,
        build,
        guestTime,
        activeProcessHead,
        variables,
        servicePack,
        foundBy);
  }

  /** Whether a VA is inside the kernel's image. */
  public boolean contains(long va) {
    return va >= base && va - base < size;
  }

  /** Whether a VA can be of a kernel object. */
  public boolean isKernelAddress(long va) {
    return space.mode().isKernel(va);
  }
}
