package io.ramtide.scanner.windows.registry.cell;

import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.StructType;

/** Offsets in the cells of a build, in bytes, at hand for hundreds of thousands of them. */
final class CellTypes {
  final int flags;
  final int lastWriteTime;
  final int parent;
  final int subkeyCounts;
  final int subkeyLists;
  final int childHive;
  final int valueCount;
  final int valueList;
  final int security;
  final int classCell;
  final int nameLength;
  final int classLength;
  final int name;

  final int listCount;
  final int list;

  final int valueNameLength;
  final int dataLength;
  final int data;
  final int type;
  final int valueFlags;
  final int valueName;

  final int bigCount;
  final int bigList;

  final int descriptorLength;
  final int descriptor;
  final StructType sid;

  CellTypes(Layout layout) {
    StructType node = layout.type("CM_KEY_NODE");
    StructType children = layout.type("CHILD_LIST");
    flags = node.offset("Flags");
    lastWriteTime = node.offset("LastWriteTime");
    parent = node.offset("Parent");
    subkeyCounts = node.offset("SubKeyCounts");
    subkeyLists = node.offset("SubKeyLists");
    childHive =
        node.offset("ChildHiveReference") + layout.type("CM_KEY_REFERENCE").offset("KeyHive");
    valueCount = node.offset("ValueList") + children.offset("Count");
    valueList = node.offset("ValueList") + children.offset("List");
    security = node.offset("Security");
    classCell = node.offset("Class");
    nameLength = node.offset("NameLength");
    classLength = node.offset("ClassLength");
    name = node.offset("Name");
    StructType index = layout.type("CM_KEY_INDEX");
    listCount = index.offset("Count");
    list = index.offset("List");
    StructType value = layout.type("CM_KEY_VALUE");
    valueNameLength = value.offset("NameLength");
    dataLength = value.offset("DataLength");
    data = value.offset("Data");
    type = value.offset("Type");
    valueFlags = value.offset("Flags");
    valueName = value.offset("Name");
    StructType big = layout.type("CM_BIG_DATA");
    bigCount = big.offset("Count");
    bigList = big.offset("List");
    StructType sk = layout.type("CM_KEY_SECURITY");
    descriptorLength = sk.offset("DescriptorLength");
    descriptor = sk.offset("Descriptor");
    sid = layout.type("SID");
  }
}
