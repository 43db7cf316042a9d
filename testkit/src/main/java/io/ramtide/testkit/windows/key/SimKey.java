package io.ramtide.testkit.windows.key;

import io.ramtide.testkit.windows.hive.Cells;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A key of a hive, its cells, and what is below it. */
public final class SimKey {

  static final String LINK_VALUE = "SymbolicLinkValue";

  public final SimHive hive;
  public final String name;
  final String upperName;
  public final SimKey parent; // null: the root of a hive
  public final boolean isVolatile;
  public final String owner;
  public final int cell;
  public final Map<String, SimKey> children = new TreeMap<>();
  public final List<SimValue> values = new ArrayList<>();
  final SubkeyIndex[] indices = new SubkeyIndex[2]; // of stable and of volatile subkeys
  public String listKind;
  public String className;
  int classCell = Cells.NIL;
  public int valueList = Cells.NIL;
  boolean isLink;
  public long lastWriteTime;
  int maxNameBytes; // maxima only grow
  int maxValueNameBytes;
  int maxValueDataBytes;
  public SimHive mounted; // of a node of the master hive: what hive begins there

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
  public String path() {
    if (parent == null) {
      return "";
    }
    String above = parent.path();
    return above.isEmpty() ? name : above + "\\" + name;
  }

  public SimKey child(String childName) {
    return children.get(CellName.upper(childName));
  }

  public SimValue value(String valueName) {
    String upper = CellName.upper(valueName);
    for (SimValue value : values) {
      if (value.upperName.equals(upper)) {
        return value;
      }
    }
    return null;
  }

  /** Whether what leads from this key to one below it can be read from RAM. */
  public boolean canLeadTo(SimKey child) {
    return indices[child.isVolatile ? 1 : 0].inRam(child);
  }

  /** Where a symbolic link leads; null for other keys. */
  public String linkTarget() {
    SimValue target = isLink ? value(LINK_VALUE) : null;
    return target == null ? null : new String(target.data(), StandardCharsets.UTF_16LE);
  }
}
