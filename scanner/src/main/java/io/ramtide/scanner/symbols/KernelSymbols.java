package io.ramtide.scanner.symbols;

import java.util.Map;
import java.util.OptionalLong;

/**
 * What is known of one kernel, named by its PDB.
 *
 * @param version of the file, e.g. 10.0.17763.2565
 * @param layout name of its {@link Layout}
 * @param rvas offsets from the kernel's base, by symbol
 */
public record KernelSymbols(
    String guid, int age, String version, String layout, Map<String, Long> rvas) {
  public KernelSymbols {
    rvas = Map.copyOf(rvas);
  }

  public OptionalLong rva(String symbol) {
    Long rva = rvas.get(symbol);
    return rva == null ? OptionalLong.empty() : OptionalLong.of(rva);
  }
}
