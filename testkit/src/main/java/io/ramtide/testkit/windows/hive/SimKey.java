package io.ramtide.testkit.windows.hive;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A key of a hive, its cells, and what is below it. */
final class SimKey {

  static final String LINK_VALUE = "SymbolicLinkValue";

  final SimHive hive;
  final String name;
  final String upperName;
  final SimKey parent; // null: the root of a hive
  final boolean isVolatile;
  final String owner;
  final int cell;
  final Map<String, SimKey> children = new TreeMap<>();
  final List<SimValue> values = new ArrayList<>();
  final SubkeyIndex[] indices = new SubkeyIndex[2]; // of stable and of volatile subkeys
  String listKind;
  String className;
  int classCell = Cells.NIL;
  int valueList = Cells.NIL;
  boolean isLink;
  long lastWriteTime;
  int maxNameBytes;
  SimHive mounted; // of a node of the master hive: what hive begins there

  SimKey(SimHive hive, String name, SimKey parent, boolean isVolatile, String owner, int cell) {
    this.hive = hive;
    this.name = name;
    upperName = CellName.upper(name);
    this.parent = parent;
    this.isVolatile = isVolatile;
    this.owner = owner;
    this.cell = cell;
    listKind = parent == null ? "lh" : parent.listKind;
  }

  /** Path below the root of its hive, without a leading backslash. */
  String path() {
    if (parent == null) {
      return "";
    }
    String above = parent.path();
    return above.isEmpty() ? name : above + "\\" + name;
  }

  SimKey child(String childName) {
    return children.get(CellName.upper(childName));
  }

  SimValue value(String valueName) {
    return values.stream()
        .filter(value -> CellName.upper(value.name).equals(CellName.upper(valueName)))
        .findFirst()
        .orElse(null);
  }

  /** Where a symbolic link leads; null for other keys. */
  String linkTarget() {
    SimValue target = isLink ? value(LINK_VALUE) : null;
    return target == null ? null : new String(target.data, StandardCharsets.UTF_16LE);
  }
}
