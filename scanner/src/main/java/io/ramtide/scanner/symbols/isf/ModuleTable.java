package io.ramtide.scanner.symbols.isf;

import io.ramtide.scanner.symbols.KnownModule;
import io.ramtide.scanner.symbols.PdbId;
import java.util.HashMap;
import java.util.Map;

/**
 * The table of a module other than the kernel, checked, and cut to what is wanted.
 *
 * @param pdb GUID-age
 * @param rvas by symbol
 */
record ModuleTable(KnownModule module, String pdb, Map<String, Long> rvas) {
  /** Such tables often have no types, and so do not say how long pointers are. */
  static ModuleTable of(Isf isf, KnownModule module) throws UnusableTableException {
    if (isf.machine() != KernelTable.AMD64) {
      throw new UnusableTableException(
          "is of a module for machine 0x%x: only x64 is supported".formatted(isf.machine()));
    }
    Map<String, Long> rvas = new HashMap<>(isf.symbols());
    rvas.keySet().retainAll(module.symbols());
    if (rvas.isEmpty()) {
      throw new UnusableTableException(
          "has none of the symbols that the scanner looks for in %s: %s"
              .formatted(module.pdb(), String.join(", ", module.symbols())));
    }
    for (Map.Entry<String, Long> symbol : rvas.entrySet()) {
      if (symbol.getValue() < 0 || symbol.getValue() > KernelTable.MAX_RVA) {
        throw new UnusableTableException(
            "puts %s at %d, which is no offset in a module"
                .formatted(symbol.getKey(), symbol.getValue()));
      }
    }
    return new ModuleTable(module, KernelTable.pdb(isf), rvas);
  }

  PdbId id() {
    int dash = pdb.indexOf('-');
    return new PdbId(
        module.pdb(), pdb.substring(0, dash), Integer.parseInt(pdb.substring(dash + 1)));
  }
}
