package io.ramtide.scanner.symbols;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What is known of one kernel, named by its PDB.
 *
 * @param guid 32 upper-case hex digits; empty for a table whose PDB is not known
 * @param version of the file, e.g. 10.0.17763.2565; empty if not known
 * @param layout name of its {@link Layout}
 * @param rvas offsets from the kernel's base, by symbol; none where only the structures are known
 */
public record KernelSymbols(
    String guid, int age, String version, String layout, Map<String, Long> rvas) {
  public KernelSymbols {
    rvas = Map.copyOf(rvas);
  }

  /** The kernel as an index names it. */
  public KnownKernel known() {
    return new KnownKernel(
        guid.isEmpty() ? "" : KnownKernel.key(guid, age), version, layout, rvas.size());
  }

  public OptionalLong rva(String symbol) {
    Long rva = rvas.get(symbol);
    return rva == null ? OptionalLong.empty() : OptionalLong.of(rva);
  }
}
