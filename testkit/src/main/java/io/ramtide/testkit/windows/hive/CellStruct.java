package io.ramtide.testkit.windows.hive;

/** A structure in a cell, its fields written by their names. */
final class CellStruct {

  private final Cells cells;
  private final String type;
  private final int cell;

  CellStruct(Cells cells, String type, int cell) {
    this.cells = cells;
    this.type = type;
    this.cell = cell;
  }

  int offset(String field) {
    return cells.facts.offset(type, field);
  }

  CellStruct u16(String field, int value) {
    cells.putShort(cell, offset(field), value);
    return this;
  }

  CellStruct u32(String field, int value) {
    cells.putInt(cell, offset(field), value);
    return this;
  }

  /** Writes one of an array of 32-bit numbers. */
  CellStruct u32(String field, int index, int value) {
    cells.putInt(cell, offset(field) + Integer.BYTES * index, value);
    return this;
  }

  CellStruct u64(String field, long value) {
    cells.putLong(cell, offset(field), value);
    return this;
  }

  CellStruct bytes(String field, byte[] value) {
    cells.put(cell, offset(field), value);
    return this;
  }

  /** Writes two letters. */
  CellStruct signature(String letters) {
    return u16("Signature", letters.charAt(0) | letters.charAt(1) << 8);
  }
}
