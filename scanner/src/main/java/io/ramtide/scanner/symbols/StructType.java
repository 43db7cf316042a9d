package io.ramtide.scanner.symbols;

import java.util.Map;

/**
 * Layout of one structure.
 *
 * @param size in bytes
 * @param fields offset in bytes by name
 */
public record StructType(String name, int size, Map<String, Integer> fields) {
  public StructType {
    fields = Map.copyOf(fields);
  }

  /**
   * Offset of a field from the start of the structure.
   *
   * @throws IllegalArgumentException if the data file does not have it
   */
  public int offset(String field) {
    Integer offset = fields.get(field);
    if (offset == null) {
      throw new IllegalArgumentException("the symbol data has no field " + name + "." + field);
    }
    return offset;
  }
}
