package io.ramtide.testkit.windows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the simulation knows of one kernel: structure layouts and symbol RVAs from {@code
 * kernels/*.json} (derived from a public symbol table, which the file names), conventions of the
 * release from {@code releases/*.json}.
 */
public final class KernelFacts {

  /**
   * A field's place.
   *
   * @param offset bytes from the start of its type
   * @param bit first bit, 0 if it is no bit field
   * @param width bits, 0 if it is no bit field
   */
  record Field(int offset, int bit, int width) {
    static Field parse(String text) {
      String[] parts = text.split(":", -1);
      int offset = Integer.parseInt(parts[0].substring("0x".length()), 16);
      return parts.length == 1
          ? new Field(offset, 0, 0)
          : new Field(offset, Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    /** A container's 64 bits with this bit field in them. */
    long insert(long container, long value) {
      long mask = (width == Long.SIZE ? -1L : (1L << width) - 1) << bit;
      return (container & ~mask) | (value << bit & mask);
    }
  }

  private final JsonFacts kernel;
  private final JsonFacts release;
  private final JsonFacts kdbg = JsonFacts.load("kdbg.json");
  private final Map<String, Integer> sizes = new HashMap<>();
  private final Map<String, Map<String, Field>> fields = new HashMap<>();
  private final Map<String, Long> symbols;

  private KernelFacts(String kernel, String release) {
    this.kernel = JsonFacts.load("kernels/" + kernel + ".json");
    this.release = JsonFacts.load("releases/" + release + ".json");
    for (var type : this.kernel.at("/types").properties()) {
      sizes.put(type.getKey(), (int) JsonFacts.number(type.getValue().get("size")));
      Map<String, Field> known = new HashMap<>();
      for (var field : type.getValue().get("fields").properties()) {
        known.put(field.getKey(), Field.parse(field.getValue().asText()));
      }
      fields.put(type.getKey(), known);
    }
    symbols = numbers(this.kernel.at("/symbols"));
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

  public String pdbFile() {
    return kernel.text("/pdb/file");
  }

  public String buildLab() {
    return kernel.text("/buildLab");
  }

  public long imageSize() {
    return kernel.number("/imageSize");
  }

  /** Bytes of a type. */
  public int size(String type) {
    Integer size = sizes.get(type);
    if (size == null) {
      throw new IllegalArgumentException("kernel " + build() + " has no type " + type);
    }
    return size;
  }

  public boolean hasType(String type) {
    return sizes.containsKey(type);
  }

  /** Byte offset of a field in its type. */
  public int offset(String type, String field) {
    return field(type, field).offset();
  }

  Field field(String type, String field) {
    Field place = hasType(type) ? fields.get(type).get(field) : null;
    if (place == null) {
      throw new IllegalArgumentException("kernel %d has no %s.%s".formatted(build(), type, field));
    }
    return place;
  }

  /** 64 bits in which one bit field of a type has a value and all else is as before. */
  public long insertBits(String type, String field, long container, long value) {
    return field(type, field).insert(container, value);
  }

  public boolean hasField(String type, String field) {
    return hasType(type) && fields.get(type).containsKey(field);
  }

  /** RVA of a symbol. */
  public long symbol(String name) {
    Long rva = symbols.get(name);
    if (rva == null) {
      throw new IllegalArgumentException("kernel " + build() + " has no symbol " + name);
    }
    return rva;
  }

  public boolean hasSymbol(String name) {
    return symbols.containsKey(name);
  }

  /** RVAs of some system services by their names, in the order of the table. */
  public Map<String, Long> services() {
    return numbers(kernel.at("/services"));
  }

  public JsonFacts release() {
    return release;
  }

  public JsonFacts debuggerBlock() {
    return kdbg;
  }

  /** The four bytes of a pool tag in memory order. */
  public byte[] tag(String use) {
    return HexFormat.of().parseHex(release.text("/tags/" + use));
  }

  private static Map<String, Long> numbers(JsonNode node) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    for (var entry : node.properties()) {
      numbers.put(entry.getKey(), JsonFacts.number(entry.getValue()));
    }
    return numbers;
  }
}
