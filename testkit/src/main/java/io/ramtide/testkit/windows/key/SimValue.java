package io.ramtide.testkit.windows.key;

import io.ramtide.testkit.windows.hive.Cells;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A value of a key, and its cells. */
public final class SimValue {

  public final String name;
  final String upperName;
  public int type;
  private byte[] data;
  private String hex; // of the data; null: not asked for yet
  public int cell = Cells.NIL;
  public final List<Integer> dataCells = new ArrayList<>(); // of big data: record, list, segments

  public SimValue(String name, int type, byte[] data) {
    this.name = name;
    upperName = CellName.upper(name);
    this.type = type;
    this.data = data;
  }

  byte[] data() {
    return data;
  }

  void data(byte[] changed) {
    data = changed;
    hex = null;
  }

  /** Its data, two lower-case digits a byte. */
  public String dataHex() {
    if (hex == null) {
      hex = HexFormat.of().formatHex(data);
    }
    return hex;
  }
}
