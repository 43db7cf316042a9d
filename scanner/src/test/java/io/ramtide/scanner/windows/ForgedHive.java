package io.ramtide.scanner.windows;

import io.ramtide.testkit.truth.HiveTruth;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;

/**
 * A hive that an attacker made in the arena, and linked into the list of hives before all others.
 * Its cells are written one by one, as the format specification has them.
 */
final class ForgedHive {
  static final String MODEL = "\\REGISTRY\\MACHINE\\SOFTWARE";
  static final int BLOCK = 4096;
  static final int NONE = -1;
  static final int COUNT = 0x14;
  static final int LIST = 0x1c;
  static final int VALUE_COUNT = 0x24;
  static final int VALUES = 0x28;
  static final int SECURITY = 0x2c;

  private static final int BINS = 0x20;
  private static final int KEY_NAME = 0x4c;
  private static final int TABLE = 512;
  private static final int IN_POOL_AND_FIRST = 9;

  final HostileImage image;
  final long va;
  final int root;

  private final int blocks;
  private final long bins;
  private final long gpa;
  private int used = BINS;

  ForgedHive(HostileImage image, int blocks) {
    this.image = image;
    this.blocks = blocks;
    HiveTruth model = hive(image, MODEL);
    va = copy(image, model.objectVa(), image.size("CMHIVE"));
    bins = image.take((long) blocks * BLOCK);
    gpa = image.gpa(bins);
    image.set("HHIVE", va, "BaseBlock", copy(image, image.get("HHIVE", va, "BaseBlock"), BLOCK));
    image.set("HBASE_BLOCK", image.get("HHIVE", va, "BaseBlock"), "RootCell", BINS);
    name("\\REGISTRY\\MACHINE\\FORGED");
    image.memory().put(gpa, "hbin".getBytes(StandardCharsets.US_ASCII));
    image.memory().putInt(gpa + 8, blocks * BLOCK);
    map(0, blocks, block -> block);
    length(1, 0);
    root = key(NONE, "ROOT");
    link();
  }

  static HiveTruth hive(HostileImage image, String path) {
    return image.truth().hives().stream()
        .filter(hive -> hive.path().equals(path))
        .findFirst()
        .orElseThrow();
  }

  static long copy(HostileImage image, long va, int bytes) {
    byte[] content = image.bytes(va, bytes);
    long to = image.take(bytes);
    image.memory().put(image.gpa(to), content);
    return to;
  }

  void name(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_16LE);
    long at = image.take(text.length);
    image.memory().put(image.gpa(at), text);
    long field = va + image.offset("CMHIVE", "HiveRootPath");
    image.write(field, text.length | text.length << 16);
    image.write(field + 8, at);
  }

  private void link() {
    long head = image.symbol("CmpHiveListHead");
    long entry = va + image.offset("CMHIVE", "HiveList");
    long next = image.read(head);
    image.write(entry, next);
    image.write(entry + 8, head);
    image.write(next + 8, entry);
    image.write(head, entry);
  }

  /** VA of the DUAL of a storage. */
  static long dual(HostileImage image, long hive, int storage) {
    return hive + image.offset("HHIVE", "Storage") + (long) storage * image.size("DUAL");
  }

  void length(int storage, int bytes) {
    image.writeInt(dual(image, va, storage) + image.offset("DUAL", "Length"), bytes);
  }

  /** Has so many blocks in a storage, each of which is one of those that there are. */
  void map(int storage, int count, IntUnaryOperator block) {
    int entry = image.size("HMAP_ENTRY");
    int tables = (count + TABLE - 1) / TABLE;
    long directory = image.take(8L * tables);
    for (int table = 0; table < tables; table++) {
      long at = image.take((long) entry * TABLE);
      long tableGpa = image.gpa(at);
      image.write(directory + 8L * table, at);
      for (int i = 0; i < TABLE && table * TABLE + i < count; i++) {
        entry(tableGpa + (long) i * entry, block.applyAsInt(table * TABLE + i));
      }
    }
    image.set("DUAL", dual(image, va, storage), "Map", directory);
    length(storage, (int) Math.min((long) count * BLOCK, 0xffff_f000L));
  }

  private void entry(long at, int block) {
    boolean isByBlock = image.guest().type("HMAP_ENTRY").has("BlockAddress");
    long offset = (long) block * BLOCK;
    image
        .memory()
        .putLong(
            at + image.offset("HMAP_ENTRY", isByBlock ? "BlockAddress" : "BlockOffset"),
            isByBlock ? bins + offset : offset);
    image
        .memory()
        .putLong(
            at + image.offset("HMAP_ENTRY", isByBlock ? "BinAddress" : "PermanentBinAddress"),
            bins | IN_POOL_AND_FIRST);
  }

  // Cells

  int alloc(int length) {
    int size = (length + 4 + 7) & -8;
    int cell = used;
    used += size;
    if (used > blocks * BLOCK) {
      throw new IllegalStateException("the hive is too small");
    }
    image.memory().putInt(gpa + cell, -size);
    return cell;
  }

  int left() {
    return blocks * BLOCK - used;
  }

  void put(int cell, int at, int value) {
    image.memory().putInt(gpa + cell + 4 + at, value);
  }

  void put(int cell, int at, byte... bytes) {
    image.memory().put(gpa + cell + 4 + at, bytes);
  }

  void put(int cell, int at, String signature) {
    put(cell, at, signature.getBytes(StandardCharsets.US_ASCII));
  }

  void put(int cell, int at, short value) {
    put(cell, at, (byte) value, (byte) (value >>> 8));
  }

  /** A key without subkeys, values, class and owner, on no list. */
  int key(int parent, String name) {
    return key(parent, name.getBytes(StandardCharsets.ISO_8859_1), true);
  }

  int key(int parent, byte[] name, boolean isOneByte) {
    int key = alloc(KEY_NAME + name.length);
    put(key, 0, "nk");
    put(key, 2, (short) (isOneByte ? 0x20 : 0));
    put(key, 0x10, parent);
    for (int cell : new int[] {LIST, LIST + 4, VALUES, SECURITY, 0x30}) {
      put(key, cell, NONE);
    }
    put(key, 0x48, (short) name.length);
    put(key, KEY_NAME, name);
    return key;
  }

  /** A list (li, ri) of cells. */
  int list(String signature, int... cells) {
    int list = alloc(4 + 4 * cells.length);
    put(list, 0, signature);
    put(list, 2, (short) cells.length);
    put(list, 4, ints(cells));
    return list;
  }

  /** Leads a key to a list of subkeys. */
  void subkeys(int key, int count, int list) {
    put(key, COUNT, count);
    put(key, LIST, list);
  }

  void values(int key, int count, int list) {
    put(key, VALUE_COUNT, count);
    put(key, VALUES, list);
  }

  /** A cell of nothing but numbers. */
  int numbers(int... numbers) {
    int cell = alloc(4 * numbers.length);
    put(cell, 0, ints(numbers));
    return cell;
  }

  private static byte[] ints(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(numbers);
    return bytes.array();
  }

  /** A value (vk) with so many bytes of data in a cell. */
  int value(String name, int type, int length, int data) {
    int value = alloc(0x14 + name.length());
    put(value, 0, "vk");
    put(value, 2, (short) name.length());
    put(value, 4, length);
    put(value, 8, data);
    put(value, 0xc, type);
    put(value, 0x10, 1);
    put(value, 0x14, name);
    return value;
  }
}
