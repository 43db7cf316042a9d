package io.ramtide.scanner.symbols.isf;

import io.ramtide.scanner.symbols.KnownKernel;
import io.ramtide.scanner.symbols.StructType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The table of an x64 Windows kernel, checked, and cut to what is wanted.
 *
 * @param kernel its PDB and version; the layout is not known yet
 * @param rvas by symbol
 */
record KernelTable(KnownKernel kernel, Map<String, StructType> types, Map<String, Long> rvas) {
  /** PDBs of the kernels of x64 Windows; ntkrla57 is the one for five levels of page tables. */
  static final Set<String> PDBS =
      Set.of("ntkrnlmp.pdb", "ntoskrnl.pdb", "ntkrla57.pdb", "ntkrpamp.pdb");

  private static final Pattern GUID = Pattern.compile("[0-9A-Fa-f]{32}");
  static final long AMD64 = 0x8664;
  private static final int POINTER = 8;
  private static final long MAX_AGE = 0xffff;
  static final long MAX_RVA = 1L << 28;
  private static final int NAMED = 12;

  static KernelTable of(Isf isf, Selection selection, Versions versions)
      throws UnusableTableException {
    checkKind(isf);
    String pdb = pdb(isf);
    String version = versions.of(pdb).orElse(isf.version());
    if (pdb.isEmpty() && version.isEmpty()) {
      throw new UnusableTableException(
          "names neither its PDB nor the version of its kernel: give --kernel-version");
    }
    Map<String, StructType> types = selection.types(isf);
    List<String> missing = selection.missing(types, isf);
    if (!missing.isEmpty()) {
      throw new UnusableTableException("lacks " + few(missing) + ": the scanner needs these");
    }
    for (Map.Entry<String, Long> symbol : isf.symbols().entrySet()) {
      if (symbol.getValue() < 0 || symbol.getValue() > MAX_RVA) {
        throw new UnusableTableException(
            "puts %s at %d, which is no offset in a kernel"
                .formatted(symbol.getKey(), symbol.getValue()));
      }
    }
    return new KernelTable(
        new KnownKernel(pdb, version, "", isf.symbols().size()), types, isf.symbols());
  }

  private static void checkKind(Isf isf) throws UnusableTableException {
    if (isf.types().isEmpty()) {
      throw new UnusableTableException(
          "is JSON, but no symbol table: it has no user_types; give a Volatility 3 symbol table");
    }
    if (!isf.system().equals("windows")) {
      throw new UnusableTableException(
          "is no table of Windows (its metadata names %s)"
              .formatted(isf.system().isEmpty() ? "no system" : isf.system()));
    }
    if (!isf.database().isEmpty() && !PDBS.contains(isf.database().toLowerCase(Locale.ROOT))) {
      throw new UnusableTableException(
          "is the table of %s, not of a Windows kernel (%s)"
              .formatted(isf.database(), String.join(", ", PDBS.stream().sorted().toList())));
    }
    boolean otherMachine = isf.machine() != 0 && isf.machine() != AMD64;
    if (isf.pointerSize() != POINTER || otherMachine) {
      throw new UnusableTableException(
          "is of a kernel for %s: only x64 is supported"
              .formatted(
                  isf.pointerSize() == POINTER
                      ? "machine 0x%x".formatted(isf.machine())
                      : "32 bits (pointers of %d bytes)".formatted(isf.pointerSize())));
    }
  }

  /** Empty if the table names no PDB: then only structures can be taken of it. */
  static String pdb(Isf isf) throws UnusableTableException {
    if (isf.guid().isEmpty() && isf.allSymbols() == 0) {
      return "";
    }
    if (!GUID.matcher(isf.guid()).matches() || isf.age() < 0 || isf.age() > MAX_AGE) {
      throw new UnusableTableException(
          "names its PDB %s, age %d: that is no GUID of 32 hex digits and an age"
              .formatted(isf.guid().isEmpty() ? "by nothing" : isf.guid(), isf.age()));
    }
    return isf.guid().toUpperCase(Locale.ROOT) + "-" + isf.age();
  }

  private static String few(List<String> names) {
    String list = String.join(", ", names.subList(0, Math.min(NAMED, names.size())));
    return names.size() > NAMED ? list + " and %d more".formatted(names.size() - NAMED) : list;
  }
}
