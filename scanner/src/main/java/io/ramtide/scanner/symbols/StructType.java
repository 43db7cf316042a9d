package io.ramtide.scanner.symbols;

import java.util.Map;

/**
 * Layout of one structure.
 *
 * @param size in bytes
 * @param fields by name
 */
public record StructType(String name, int size, Map<String, Field> fields) {
  public StructType {
    fields = Map.copyOf(fields);
  }

  /**
   * A field's place.
   *
   * @param offset from the start of the structure, bytes
   * @param firstBit of a bit field, counted from the lowest bit at the offset; 0 otherwise
   * @param bits of a bit field; 0 for a field of whole bytes
   */
  public record Field(int offset, int firstBit, int bits) {
    /** A bit field's value in the little-endian eight bytes at the offset. */
    public long in(long qword) {
      return (qword >>> firstBit) & (bits == 64 ? -1 : (1L << bits) - 1);
    }
  }

  /** Whether this build has the field. */
  public boolean has(String field) {
    return fields.containsKey(field);
  }

  /**
   * A field's place.
   *
   * @throws IllegalArgumentException if the data file does not have it
   */
  public Field field(String field) {
    Field found = fields.get(field);
    if (found == null) {
      throw new IllegalArgumentException("the symbol data has no field " + name + "." + field);
    }
    return found;
  }

  /**
   * Offset of a field from the start of the structure.
   *
   * @throws IllegalArgumentException if the data file does not have it
   */
  public int offset(String field) {
    return field(field).offset();
  }
}
