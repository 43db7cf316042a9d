package io.ramtide.testkit.windows.hive;

/** A structure in a cell, its fields written by their names. */
public final class CellStruct {

  private final Cells cells;
  private final String type;
  private final int cell;

  public CellStruct(Cells cells, String type, int cell) {
    this.cells = cells;
    this.type = type;
    this.cell = cell;
  }

  public int offset(String field) {
    return cells.facts.offset(type, field);
  }

  public CellStruct u16(String field, int value) {
    cells.putShort(cell, offset(field), value);
    return this;
  }

  public CellStruct u32(String field, int value) {
    cells.putInt(cell, offset(field), value);
    return this;
  }

  /** Writes one of an array of 32-bit numbers. */
  public CellStruct u32(String field, int index, int value) {
    cells.putInt(cell, offset(field) + Integer.BYTES * index, value);
    return this;
  }

  public CellStruct u64(String field, long value) {
    cells.putLong(cell, offset(field), value);
    return this;
  }

  public CellStruct bytes(String field, byte[] value) {
    cells.put(cell, offset(field), value);
    return this;
  }

  /** Writes two letters. */
  public CellStruct signature(String letters) {
    return u16("Signature", letters.charAt(0) | letters.charAt(1) << 8);
  }
}
