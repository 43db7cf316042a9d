package io.ramtide.scanner.symbols;

import java.util.Map;
import java.util.function.Supplier;

/**
 * Structures of a range of Windows builds. What is needed to look for a guest is at hand; its types
 * are read from their file when first asked for.
 */
public final class Layout {
  private final Head head;
  private final Supplier<Map<String, StructType>> file;
  private Map<String, StructType> types;

  /**
   * What the index says of a layout.
   *
   * @param firstBuild lowest build it serves; 0 if that is not known
   * @param lastBuild highest build it serves; 0 if that is not known
   * @param source where the offsets come from
   * @param processTag pool tag of processes, the four bytes read little-endian
   * @param processHeaderSize Size byte of a process's dispatcher header; 0 identifies nothing
   */
  public record Head(
      String name,
      int firstBuild,
      int lastBuild,
      String source,
      int processTag,
      int processHeaderSize) {
    /** The same with an addition to its name. */
    public Head renamed(String suffix) {
      return new Head(name + suffix, firstBuild, lastBuild, source, processTag, processHeaderSize);
    }
  }

  public Layout(Head head, Supplier<Map<String, StructType>> types) {
    this.head = head;
    this.file = types;
  }

  public Head head() {
    return head;
  }

  public String name() {
    return head.name();
  }

  public int firstBuild() {
    return head.firstBuild();
  }

  public int lastBuild() {
    return head.lastBuild();
  }

  public String source() {
    return head.source();
  }

  public int processTag() {
    return head.processTag();
  }

  public int processHeaderSize() {
    return head.processHeaderSize();
  }

  public boolean serves(int build) {
    return firstBuild() <= build && build <= lastBuild();
  }

  /** Every structure, by name without its leading underscore. */
  public synchronized Map<String, StructType> types() {
    if (types == null) {
      types = Map.copyOf(file.get());
    }
    return types;
  }

  /** Whether this build has the structure. */
  public boolean has(String type) {
    return types().containsKey(type);
  }

  /**
   * @throws IllegalArgumentException if the data file does not have it
   */
  public StructType type(String type) {
    StructType found = types().get(type);
    if (found == null) {
      throw new IllegalArgumentException("symbol table " + name() + " has no type " + type);
    }
    return found;
  }

  @Override
  public String toString() {
    return name();
  }
}
