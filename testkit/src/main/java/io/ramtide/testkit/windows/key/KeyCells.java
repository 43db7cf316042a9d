package io.ramtide.testkit.windows.key;

import io.ramtide.testkit.windows.hive.CellStruct;
import io.ramtide.testkit.windows.hive.Cells;
import java.nio.charset.StandardCharsets;

/** Writes the nodes of keys (nk), and of places where another hive is mounted (lk). */
final class KeyCells {

  private static final int VOLATILE = 1; // flags of a key node
  private static final int HIVE_EXIT = 2;
  private static final int HIVE_ENTRY = 4;
  private static final int NO_DELETE = 8;
  private static final int SYMBOLIC_LINK = 0x10;
  private static final int COMPRESSED_NAME = 0x20;

  private static final String NODE = "_CM_KEY_NODE";

  private final Cells cells;

  KeyCells(Cells cells) {
    this.cells = cells;
  }

  /** A cell for the node of a key with a name. */
  int allocate(String name, boolean inVolatile, long now) {
    int bytes = cells.facts.offset(NODE, "Name") + CellName.of(name).bytes().length;
    return cells.allocate(inVolatile, bytes, now);
  }

  /** Writes all of a key that has neither subkeys nor values yet. */
  void write(SimKey key, int parentCell, int security) {
    CellName name = CellName.of(key.name);
    cells
        .struct(NODE, key.cell)
        .signature("nk")
        .u32("Parent", parentCell)
        .u32("SubKeyLists", 0, Cells.NIL)
        .u32("SubKeyLists", 1, Cells.NIL)
        .u32("Security", security)
        .u32("Class", Cells.NIL)
        .u16("NameLength", name.bytes().length)
        .bytes("Name", name.bytes());
    flags(key);
    values(key);
  }

  void flags(SimKey key) {
    int flags = CellName.of(key.name).compressed() ? COMPRESSED_NAME : 0;
    flags |= key.parent == null ? HIVE_ENTRY | NO_DELETE : 0;
    flags |= key.isVolatile ? VOLATILE : 0;
    flags |= key.isLink ? SYMBOLIC_LINK : 0;
    flags |= key.mounted != null ? HIVE_EXIT | NO_DELETE : 0;
    cells.struct(NODE, key.cell).u16("Flags", flags).u64("LastWriteTime", key.lastWriteTime);
  }

  /** Makes a node of the master hive the place where another hive begins. */
  void mount(SimKey key, int rootCell, long hiveVa) {
    int at = cells.facts.offset(NODE, "ChildHiveReference");
    cells.struct(NODE, key.cell).signature("lk");
    cells.putInt(key.cell, at + cells.facts.offset("_CM_KEY_REFERENCE", "KeyCell"), rootCell);
    cells.putLong(key.cell, at + cells.facts.offset("_CM_KEY_REFERENCE", "KeyHive"), hiveVa);
    flags(key);
  }

  void parent(SimKey key, int cell) {
    cells.struct(NODE, key.cell).u32("Parent", cell);
  }

  void className(SimKey key, long now) {
    byte[] text = key.className.getBytes(StandardCharsets.UTF_16LE);
    key.classCell = cells.allocate(key.isVolatile, text.length, now);
    cells.put(key.classCell, 0, text);
    cells.struct(NODE, key.cell).u32("Class", key.classCell).u16("ClassLength", text.length);
  }

  void subkeys(SimKey key) {
    CellStruct node = cells.struct(NODE, key.cell).u64("LastWriteTime", key.lastWriteTime);
    for (int storage = 0; storage < 2; storage++) {
      SubkeyIndex index = key.indices[storage];
      node.u32("SubKeyCounts", storage, index == null ? 0 : index.count());
      node.u32("SubKeyLists", storage, index == null ? Cells.NIL : index.cell());
    }
  }

  /** Tells a key of a new subkey's name and class, as its maxima have them. */
  void maxima(SimKey key, SimKey child) {
    int name = Character.BYTES * child.name.length();
    if (name > key.maxNameBytes) {
      key.maxNameBytes = name;
      cells.struct(NODE, key.cell).u16("MaxNameLen", name);
    }
    if (child.className != null) {
      cells.struct(NODE, key.cell).u32("MaxClassLen", Character.BYTES * child.className.length());
    }
  }

  void values(SimKey key) {
    int at = cells.facts.offset(NODE, "ValueList");
    cells.putInt(key.cell, at + cells.facts.offset("_CHILD_LIST", "Count"), key.values.size());
    cells.putInt(key.cell, at + cells.facts.offset("_CHILD_LIST", "List"), key.valueList);
    cells
        .struct(NODE, key.cell)
        .u64("LastWriteTime", key.lastWriteTime)
        .u32("MaxValueNameLen", key.maxValueNameBytes)
        .u32("MaxValueDataLen", key.maxValueDataBytes);
  }
}
