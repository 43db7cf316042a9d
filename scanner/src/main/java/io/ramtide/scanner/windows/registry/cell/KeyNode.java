package io.ramtide.scanner.windows.registry.cell;

import io.ramtide.scanner.windows.hive.Cell;
import io.ramtide.scanner.windows.hive.HiveCells;
import java.nio.ByteBuffer;

/** A key's own cell: nk; lk if it stands for the root of another hive. */
public final class KeyNode {
  static final Cell.Missing NO_KEY = new Cell.Missing("not a key");

  private final CellTypes types;
  private final ByteBuffer bytes;
  private final int flags;
  private final int cell;
  private final long gpa;
  private final String name;

  private KeyNode(CellReader reader, CellTypes types, Cell.Present found, int cell) {
    this.types = types;
    this.bytes = found.bytes();
    this.flags = bytes.getShort(types.flags);
    this.cell = cell;
    this.gpa = found.gpa();
    boolean isOneByte = has(CellFacts.ALL.oneByteKeyName);
    this.name = reader.name(bytes, types.name, nameLength(), isOneByte);
  }

  /** Null: that is no key; the cell as {@link #why} takes it. */
  static KeyNode of(CellReader reader, CellTypes types, Cell found, int cell) {
    boolean isKey = found instanceof Cell.Present present && isKey(present.bytes().getShort(0));
    return isKey ? new KeyNode(reader, types, (Cell.Present) found, cell) : null;
  }

  /** A key, or one that stands for the root of another hive. */
  private static boolean isKey(short signature) {
    return signature == CellFacts.ALL.key || signature == CellFacts.ALL.link;
  }

  /** Why a cell is no key. */
  static Cell.Missing why(Cell found) {
    return found instanceof Cell.Missing missing ? missing : NO_KEY;
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private int nameLength() {
    return CellReader.u16(bytes, types.nameLength);
  }

  /** As it is in the cell; surrogates without a partner are U+FFFD. */
  public String name() {
    return name;
  }

  /** Whether its cell ends before its name does. */
  public boolean isNameCut() {
    return types.name + nameLength() > bytes.limit();
  }

  public int cell() {
    return cell;
  }

  public long gpa() {
    return gpa;
  }

  /** Cell of the key above. */
  public int parent() {
    return bytes.getInt(types.parent);
  }

  /** 100 ns since 1601 UTC. */
  public long lastWriteTime() {
    return bytes.getLong(types.lastWriteTime);
  }

  /** Whether it stands for the root key of another hive. */
  public boolean leadsToHive() {
    return has(CellFacts.ALL.leadsToHive);
  }

  /** VA of the CMHIVE that it stands for. */
  public long childHive() {
    return bytes.getLong(types.childHive);
  }

  public boolean isSymbolicLink() {
    return has(CellFacts.ALL.symbolicLink);
  }

  /** Whether it stands for a predefined key such as HKEY_PERFORMANCE_DATA. */
  public boolean isPredefinedHandle() {
    return has(CellFacts.ALL.predefinedHandle);
  }

  public boolean isVolatile() {
    return cell < 0;
  }

  /** Subkeys in both storages, as it counts them. */
  public long subkeys() {
    return leadsToHive() ? 0 : subkeys(HiveCells.STABLE) + subkeys(HiveCells.VOLATILE);
  }

  long subkeys(int storage) {
    return Integer.toUnsignedLong(bytes.getInt(types.subkeyCounts + Integer.BYTES * storage));
  }

  int subkeyList(int storage) {
    return bytes.getInt(types.subkeyLists + Integer.BYTES * storage);
  }

  /** Values, as it counts them; of a predefined handle, the handle. */
  public long values() {
    return Integer.toUnsignedLong(bytes.getInt(types.valueCount));
  }

  int valueList() {
    return bytes.getInt(types.valueList);
  }

  /** Cell of its security descriptor. */
  public int security() {
    return bytes.getInt(types.security);
  }

  int classCell() {
    return bytes.getInt(types.classCell);
  }

  int classLength() {
    return CellReader.u16(bytes, types.classLength);
  }
}
