package io.ramtide.scanner.symbols;

import java.util.Arrays;
import java.util.Comparator;
import java.util.regex.Pattern;

/**
 * A kernel as the index names it.
 *
 * @param pdb GUID and age as in file names of the ecosystem, "339E...3773-1"; empty for a table
 *     whose PDB is not known, which is only chosen by the guest's own structures
 * @param version of the file, e.g. 10.0.17763.2565; empty if not known
 * @param layout name of its {@link Layout}
 * @param rvas how many RVAs are known of it
 */
public record KnownKernel(String pdb, String version, String layout, int rvas) {
  private static final Pattern PDB = Pattern.compile("([0-9A-F]{32}-\\d{1,5})?");
  private static final Pattern VERSION = Pattern.compile("(\\d{1,5}(\\.\\d{1,6}){3})?");

  public KnownKernel {
    if (!PDB.matcher(pdb).matches() || !VERSION.matcher(version).matches()) {
      throw new IllegalArgumentException("no kernel: %s of version %s".formatted(pdb, version));
    }
  }

  /** By version, number by number, then by PDB. */
  public static final Comparator<KnownKernel> ORDER =
      Comparator.<KnownKernel, int[]>comparing(kernel -> numbers(kernel.version()), Arrays::compare)
          .thenComparing(KnownKernel::pdb);

  private static int[] numbers(String version) {
    return version.isEmpty()
        ? new int[0]
        : Arrays.stream(version.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }

  static String key(String guid, int age) {
    return guid + "-" + age;
  }

  /** Whether both are the same kernel; without a PDB, the version tells. */
  boolean isSameAs(KnownKernel other) {
    return pdb.equals(other.pdb) && (!pdb.isEmpty() || version.equals(other.version));
  }

  public String guid() {
    return pdb.isEmpty() ? "" : pdb.substring(0, pdb.indexOf('-'));
  }

  /** Age of the PDB; 0 if it is not known. */
  public int age() {
    return pdb.isEmpty() ? 0 : Integer.parseInt(pdb.substring(pdb.indexOf('-') + 1));
  }

  /** The build in the file's version; 0 if it is not known. */
  public int build() {
    int[] numbers = numbers(version);
    return numbers.length < 3 ? 0 : numbers[2];
  }
}
