package io.ramtide.testkit.windows.hive;

import java.util.ArrayList;
import java.util.List;

/** A value of a key, and its cells. */
final class SimValue {

  final String name;
  int type;
  byte[] data;
  int cell = Cells.NIL;
  final List<Integer> dataCells = new ArrayList<>(); // of big data: record, list, segments

  SimValue(String name, int type, byte[] data) {
    this.name = name;
    this.type = type;
    this.data = data;
  }
}
