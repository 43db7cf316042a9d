package io.ramtide.testkit.windows.key;

import io.ramtide.testkit.windows.hive.Cells;
import java.util.ArrayList;
import java.util.List;

/** A value of a key, and its cells. */
public final class SimValue {

  public final String name;
  public int type;
  public byte[] data;
  public int cell = Cells.NIL;
  public final List<Integer> dataCells = new ArrayList<>(); // of big data: record, list, segments

  public SimValue(String name, int type, byte[] data) {
    this.name = name;
    this.type = type;
    this.data = data;
  }
}
