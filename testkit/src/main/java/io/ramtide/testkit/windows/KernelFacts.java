package io.ramtide.testkit.windows;

import java.util.HexFormat;

/**
 * What the simulation knows of one kernel: structure layouts and symbol RVAs from {@code
 * kernels/*.json} (derived from a public symbol table, which the file names), conventions of the
 * release from {@code releases/*.json}.
 */
public final class KernelFacts {

  private final JsonFacts kernel;
  private final JsonFacts release;
  private final JsonFacts kdbg = JsonFacts.load("kdbg.json");

  private KernelFacts(String kernel, String release) {
    this.kernel = JsonFacts.load("kernels/" + kernel + ".json");
    this.release = JsonFacts.load("releases/" + release + ".json");
  }

  /** Loads a kernel's data file, for example "7601-24540", and its release's, "windows7". */
  public static KernelFacts load(String kernel, String release) {
    return new KernelFacts(kernel, release);
  }

  public int build() {
    return (int) kernel.number("/build");
  }

  public String pdbGuid() {
    return kernel.text("/pdb/guid");
  }

  public int pdbAge() {
    return (int) kernel.number("/pdb/age");
  }

  String pdbFile() {
    return kernel.text("/pdb/file");
  }

  String buildLab() {
    return kernel.text("/buildLab");
  }

  long imageSize() {
    return kernel.number("/imageSize");
  }

  int size(String type) {
    return (int) kernel.number("/types/" + type + "/size");
  }

  int offset(String type, String field) {
    return (int) kernel.number("/types/" + type + "/fields/" + field);
  }

  boolean hasField(String type, String field) {
    return kernel.has("/types/" + type + "/fields/" + field);
  }

  /** RVA of a symbol. */
  long symbol(String name) {
    return kernel.number("/symbols/" + name);
  }

  boolean hasSymbol(String name) {
    return kernel.has("/symbols/" + name);
  }

  JsonFacts release() {
    return release;
  }

  JsonFacts debuggerBlock() {
    return kdbg;
  }

  /** The four bytes of a pool tag in memory order. */
  byte[] tag(String use) {
    return HexFormat.of().parseHex(release.text("/tags/" + use));
  }
}
