package io.ramtide.testkit.windows.key;

import io.ramtide.testkit.windows.hive.Cells;
import java.util.Arrays;

/**
 * Writes values: their cells (vk), their data in the cell itself (up to 4 bytes), in a cell, or in
 * several (db, above 16344 bytes since version 4 of hives), and the key's list of them.
 */
public final class ValueCells {

  private static final int SMALL = 4;
  private static final int IN_THE_CELL = 1 << 31; // of DataLength
  private static final int COMPRESSED_NAME = 1;
  public static final int SEGMENT = 16344;

  private final Cells cells;

  public ValueCells(Cells cells) {
    this.cells = cells;
  }

  /** Appends a value to a key's list. */
  public void add(SimKey key, SimValue value, long now) {
    CellName name = CellName.of(value.name);
    int bytes = cells.facts.offset("_CM_KEY_VALUE", "Name") + name.bytes().length;
    value.cell = cells.allocate(key.isVolatile, bytes, now);
    cells
        .struct("_CM_KEY_VALUE", value.cell)
        .signature("vk")
        .u16("NameLength", name.bytes().length)
        .u16("Flags", name.compressed() ? COMPRESSED_NAME : 0)
        .bytes("Name", name.bytes());
    writeData(key, value, now);
    key.values.add(value);
    writeList(key, key.values.size() - 1, now);
  }

  /** Gives a value new data, in its old cell if it has room. */
  public void change(SimKey key, SimValue value, int type, byte[] data, long now) {
    boolean fits =
        value.dataCells.size() == 1
            && isPlain(key, data)
            && cells.room(value.dataCells.get(0)) >= data.length;
    value.type = type;
    value.data(data);
    if (fits) {
      describe(value, data.length, value.dataCells.get(0));
      cells.put(value.dataCells.get(0), 0, data);
      return;
    }
    value.dataCells.forEach(cells::free);
    value.dataCells.clear();
    writeData(key, value, now);
  }

  public void remove(SimKey key, SimValue value, long now) {
    int at = key.values.indexOf(value);
    key.values.remove(at);
    free(value);
    if (key.values.isEmpty()) {
      cells.free(key.valueList);
      key.valueList = Cells.NIL;
    } else {
      writeList(key, at, now);
    }
  }

  public void free(SimValue value) {
    value.dataCells.forEach(cells::free);
    cells.free(value.cell);
  }

  private boolean isPlain(SimKey key, byte[] data) {
    return data.length > SMALL && (data.length <= SEGMENT || !key.hive.hasBigData());
  }

  private void writeData(SimKey key, SimValue value, long now) {
    byte[] data = value.data();
    if (data.length <= SMALL) {
      describe(value, data.length | IN_THE_CELL, 0);
      cells.struct("_CM_KEY_VALUE", value.cell).bytes("Data", data);
      return;
    }
    int cell = isPlain(key, data) ? store(key, value, data, now) : bigData(key, value, data, now);
    describe(value, data.length, cell);
  }

  private void describe(SimValue value, int length, int cell) {
    cells
        .struct("_CM_KEY_VALUE", value.cell)
        .u32("Type", value.type)
        .u32("DataLength", length)
        .u32("Data", cell);
  }

  private int bigData(SimKey key, SimValue value, byte[] data, long now) {
    int segments = (data.length + SEGMENT - 1) / SEGMENT;
    int record = store(key, value, new byte[cells.facts.size("_CM_BIG_DATA")], now);
    int list = store(key, value, new byte[Integer.BYTES * segments], now);
    cells.struct("_CM_BIG_DATA", record).signature("db").u16("Count", segments).u32("List", list);
    for (int i = 0; i < segments; i++) {
      int end = Math.min(data.length, SEGMENT * (i + 1));
      int segment = store(key, value, Arrays.copyOfRange(data, SEGMENT * i, end), now);
      cells.putInt(list, Integer.BYTES * i, segment);
    }
    return record;
  }

  private int store(SimKey key, SimValue value, byte[] content, long now) {
    int cell = cells.allocate(key.isVolatile, content.length, now);
    cells.put(cell, 0, content);
    value.dataCells.add(cell);
    return cell;
  }

  private void writeList(SimKey key, int from, long now) {
    int bytes = Integer.BYTES * key.values.size();
    int start = from;
    if (key.valueList == Cells.NIL || cells.room(key.valueList) < bytes) {
      int made = cells.allocate(key.isVolatile, bytes, now);
      cells.freeIfAny(key.valueList);
      key.valueList = made;
      start = 0;
    }
    for (int i = start; i < key.values.size(); i++) {
      cells.putInt(key.valueList, Integer.BYTES * i, key.values.get(i).cell);
    }
  }
}
