package io.ramtide.scanner.symbols;

import java.util.Map;

/**
 * Structures of a range of Windows builds, as in one file of symbol data.
 *
 * @param firstBuild lowest build it serves
 * @param lastBuild highest build it serves
 * @param source where the offsets come from
 * @param processTag pool tag of processes, the four bytes read little-endian
 * @param processHeaderSize Size byte of a process's dispatcher header; 0 identifies nothing
 */
public record Layout(
    String name,
    int firstBuild,
    int lastBuild,
    String source,
    int processTag,
    int processHeaderSize,
    Map<String, StructType> types) {
  public Layout {
    types = Map.copyOf(types);
  }

  public boolean serves(int build) {
    return firstBuild <= build && build <= lastBuild;
  }

  /** Whether this build has the structure. */
  public boolean has(String type) {
    return types.containsKey(type);
  }

  /**
   * @throws IllegalArgumentException if the data file does not have it
   */
  public StructType type(String type) {
    StructType found = types.get(type);
    if (found == null) {
      throw new IllegalArgumentException("symbol table " + name + " has no type " + type);
    }
    return found;
  }
}
