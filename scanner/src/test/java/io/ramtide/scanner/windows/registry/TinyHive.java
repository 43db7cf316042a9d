package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.hive.Cell;
import io.ramtide.scanner.windows.hive.HiveCells;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * A hive that is written by hand, cell by cell, as the format specification has them. Freed cells
 * are used again, as Windows does. It knows which blocks changed.
 */
final class TinyHive implements HiveCells {
  static final Layout LAYOUT = SymbolStore.shipped().layout("win10-19041");
  static final String PATH = "\\REGISTRY\\MACHINE\\SOFTWARE";
  static final long VA = 0xffff_8000_0000_1000L;
  static final int NONE = -1;
  static final int VOLATILE_BIT = 1 << 31;

  private static final int KEY_NAME = 0x4c;
  private static final int VALUE_NAME = 0x14;

  private final byte[][] bytes = {new byte[0], new byte[0]};
  private final int[] used = new int[2];
  private final BitSet[] dirty = {new BitSet(), new BitSet()};
  private final Map<Integer, Long> moved = new TreeMap<>();
  private final List<TreeMap<Integer, List<Integer>>> free =
      List.of(new TreeMap<>(), new TreeMap<>());
  private long nextFrame = 1L << 36;
  private long clock = 132_000_000_000_000_000L;

  /** Blocks that cannot be read, by the bit of their storage and their number. */
  final Map<Integer, String> missing = new TreeMap<>();

  final int security;
  final int root;

  TinyHive() {
    used[STABLE] = 0x20;
    used[VOLATILE] = 0x20;
    security = security(18);
    root = node(NONE, "ROOT", false);
  }

  HiveKeys keys(int minor) {
    return new HiveKeys(new HiveKeys.Id(VA, PATH, root, minor, Set.of(VA)), this);
  }

  HiveKeys keys() {
    return keys(5);
  }

  // Cells

  int alloc(int length, boolean isVolatile) {
    int storage = isVolatile ? VOLATILE : STABLE;
    int size = (length + 4 + 7) & -8;
    var place = free.get(storage).ceilingEntry(size);
    int at;
    if (place != null && place.getKey() <= size + 16) {
      size = place.getKey();
      at = place.getValue().remove(place.getValue().size() - 1);
      if (place.getValue().isEmpty()) {
        free.get(storage).remove(size);
      }
    } else {
      at = used[storage];
      used[storage] += size;
      int blocks = (used[storage] + BLOCK - 1) / BLOCK;
      if (blocks * BLOCK > bytes[storage].length) {
        bytes[storage] = java.util.Arrays.copyOf(bytes[storage], blocks * BLOCK * 2);
      }
    }
    int cell = isVolatile ? at | VOLATILE_BIT : at;
    java.util.Arrays.fill(bytes[storage], at, at + size, (byte) 0);
    raw(cell).putInt(at, -size);
    touch(cell, size);
    return cell;
  }

  void release(int cell) {
    int at = offset(cell);
    int size = -raw(cell).getInt(at);
    raw(cell).putInt(at, size);
    touch(cell, 4);
    free.get(cell >>> 31).computeIfAbsent(size, any -> new ArrayList<>()).add(at);
  }

  int size(int cell) {
    return Math.abs(raw(cell).getInt(offset(cell)));
  }

  private static int offset(int cell) {
    return cell & Integer.MAX_VALUE;
  }

  private ByteBuffer raw(int cell) {
    return ByteBuffer.wrap(bytes[cell >>> 31]).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void touch(int cell, int length) {
    int at = offset(cell);
    dirty[cell >>> 31].set(at / BLOCK, (at + length - 1) / BLOCK + 1);
  }

  /** Writes into a cell, behind its size. */
  void put(int cell, int at, int length, long value) {
    for (int i = 0; i < length; i++) {
      bytes[cell >>> 31][offset(cell) + 4 + at + i] = (byte) (value >>> (8 * i));
    }
    touch(cell, 4 + at + length);
  }

  void put(int cell, int at, byte[] content) {
    System.arraycopy(content, 0, bytes[cell >>> 31], offset(cell) + 4 + at, content.length);
    touch(cell, 4 + at + content.length);
  }

  /** Writes the size in front of a cell. */
  void putSize(int cell, int size) {
    raw(cell).putInt(offset(cell), size);
    touch(cell, 4);
  }

  int get(int cell, int at) {
    return raw(cell).getInt(offset(cell) + 4 + at);
  }

  int getShort(int cell, int at) {
    return raw(cell).getShort(offset(cell) + 4 + at) & 0xffff;
  }

  // Keys

  int security(int account) {
    int cell = alloc(0x14 + 0x14 + 12, false);
    put(cell, 0, "sk".getBytes(StandardCharsets.US_ASCII));
    put(cell, 0x10, 4, 0x14 + 12);
    put(cell, 0x14, 2, 1);
    put(cell, 0x18, 4, 0x14);
    put(cell, 0x28, new byte[] {1, 1, 0, 0, 0, 0, 0, 5, (byte) account, 0, 0, 0});
    return cell;
  }

  private int node(int parent, String name, boolean isVolatile) {
    boolean isOneByte = name.chars().allMatch(c -> c < 256);
    byte[] text =
        name.getBytes(isOneByte ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16LE);
    int cell = alloc(KEY_NAME + text.length, isVolatile);
    put(cell, 0, "nk".getBytes(StandardCharsets.US_ASCII));
    put(cell, 2, 2, (isOneByte ? 0x20 : 0) | (isVolatile ? 1 : 0));
    put(cell, 0x10, 4, parent);
    for (int at : new int[] {0x1c, 0x20, 0x28, 0x30}) {
      put(cell, at, 4, NONE);
    }
    put(cell, 0x2c, 4, security);
    put(cell, 0x48, 2, text.length);
    put(cell, KEY_NAME, text);
    written(cell);
    return cell;
  }

  void written(int key) {
    put(key, 4, 8, ++clock);
  }

  int key(int parent, String name) {
    return key(parent, name, false);
  }

  /** Adds a key, in the order of names. */
  int key(int parent, String name, boolean isVolatile) {
    int cell = node(parent, name, isVolatile);
    List<Integer> list = subkeys(parent, isVolatile);
    int at = 0;
    while (at < list.size() && name(list.get(at)).compareToIgnoreCase(name) < 0) {
      at++;
    }
    list.add(at, cell);
    subkeys(parent, isVolatile, list);
    written(parent);
    return cell;
  }

  String name(int key) {
    int length = getShort(key, 0x48);
    boolean isOneByte = (getShort(key, 2) & 0x20) != 0;
    int from = offset(key) + 4 + KEY_NAME;
    return new String(
        bytes[key >>> 31],
        from,
        length,
        isOneByte ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16LE);
  }

  List<Integer> subkeys(int key) {
    List<Integer> all = subkeys(key, false);
    all.addAll(subkeys(key, true));
    return all;
  }

  private List<Integer> subkeys(int key, boolean isVolatile) {
    int storage = isVolatile ? VOLATILE : STABLE;
    List<Integer> cells = new ArrayList<>();
    int list = get(key, 0x1c + 4 * storage);
    for (int i = 0; i < get(key, 0x14 + 4 * storage); i++) {
      cells.add(get(list, 4 + 8 * i));
    }
    return cells;
  }

  private void subkeys(int key, boolean isVolatile, List<Integer> cells) {
    int storage = isVolatile ? VOLATILE : STABLE;
    int list = get(key, 0x1c + 4 * storage);
    if (list != NONE && size(list) < 8 + 8 * cells.size()) {
      release(list);
      list = NONE;
    }
    if (list == NONE) {
      list = alloc(4 + 8 * Math.max(1, cells.size()), isVolatile);
    }
    put(list, 0, "lh".getBytes(StandardCharsets.US_ASCII));
    put(list, 2, 2, cells.size());
    for (int i = 0; i < cells.size(); i++) {
      put(list, 4 + 8 * i, 4, cells.get(i));
    }
    put(key, 0x14 + 4 * storage, 4, cells.size());
    put(key, 0x1c + 4 * storage, 4, list);
  }

  /** Deletes a key and all below it. */
  void delete(int parent, int key) {
    for (int child : subkeys(key)) {
      delete(key, child);
    }
    while (get(key, 0x24) > 0) {
      deleteValue(key, get(key, 0x24) - 1);
    }
    boolean isVolatile = key < 0;
    List<Integer> left = subkeys(parent, isVolatile);
    left.remove((Integer) key);
    subkeys(parent, isVolatile, left);
    release(key);
    written(parent);
  }

  // Values

  int value(int key, String name, int type, byte[] data) {
    boolean isVolatile = key < 0;
    boolean isOneByte = name.chars().allMatch(c -> c < 256);
    byte[] text =
        name.getBytes(isOneByte ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16LE);
    int cell = alloc(VALUE_NAME + text.length, isVolatile);
    put(cell, 0, "vk".getBytes(StandardCharsets.US_ASCII));
    put(cell, 2, 2, text.length);
    put(cell, 0xc, 4, type);
    put(cell, 0x10, 2, isOneByte ? 1 : 0);
    put(cell, VALUE_NAME, text);
    data(cell, data);
    int count = get(key, 0x24);
    int list = alloc(4 * (count + 1), isVolatile);
    for (int i = 0; i < count; i++) {
      put(list, 4 * i, 4, get(get(key, 0x28), 4 * i));
    }
    put(list, 4 * count, 4, cell);
    if (count > 0) {
      release(get(key, 0x28));
    }
    put(key, 0x24, 4, count + 1);
    put(key, 0x28, 4, list);
    written(key);
    return cell;
  }

  int text(int key, String name, String text) {
    return value(key, name, 1, (text + '\0').getBytes(StandardCharsets.UTF_16LE));
  }

  /** Sets the data of a value, in a new cell if it does not fit into the vk. */
  void data(int value, byte[] data) {
    if (get(value, 4) > 0) {
      release(get(value, 8));
    }
    if (data.length <= 4) {
      put(value, 4, 4, data.length | VOLATILE_BIT);
      put(value, 8, 4, 0);
      put(value, 8, data);
      return;
    }
    int cell = alloc(data.length, value < 0);
    put(cell, 0, data);
    put(value, 4, 4, data.length);
    put(value, 8, 4, cell);
  }

  void deleteValue(int key, int index) {
    int count = get(key, 0x24);
    int list = get(key, 0x28);
    int value = get(list, 4 * index);
    if (get(value, 4) > 0) {
      release(get(value, 8));
    }
    release(value);
    for (int i = index; i < count - 1; i++) {
      put(list, 4 * i, 4, get(list, 4 * (i + 1)));
    }
    put(key, 0x24, 4, count - 1);
    if (count == 1) {
      release(list);
      put(key, 0x28, 4, NONE);
    }
    written(key);
  }

  /** Makes the data of a value big data: segments of these bytes. */
  int bigData(int value, byte[]... segments) {
    int list = alloc(4 * segments.length, false);
    int length = 0;
    for (int i = 0; i < segments.length; i++) {
      int cell = alloc(segments[i].length, false);
      put(cell, 0, segments[i]);
      put(list, 4 * i, 4, cell);
      length += segments[i].length;
    }
    int db = alloc(8, false);
    put(db, 0, "db".getBytes(StandardCharsets.US_ASCII));
    put(db, 2, 2, segments.length);
    put(db, 4, 4, list);
    put(value, 4, 4, length);
    put(value, 8, 4, db);
    return list;
  }

  // What a scanner sees

  @Override
  public int blocks(int storage) {
    return used[storage] <= 0x20 ? 0 : (used[storage] + BLOCK - 1) / BLOCK;
  }

  @Override
  public OptionalLong gpa(int storage, int block) {
    int id = (storage << 31) | block;
    if (missing.containsKey(id)) {
      return OptionalLong.empty();
    }
    long usual = ((storage + 1L) << 32) + (long) block * BLOCK;
    return OptionalLong.of(moved.getOrDefault(id, usual));
  }

  @Override
  public Optional<String> gap(int storage, int block) {
    return Optional.ofNullable(missing.get((storage << 31) | block));
  }

  @Override
  public Cell cell(int cell) {
    int storage = cell >>> 31;
    int at = offset(cell);
    if (at % 8 != 0 || at >= used[storage]) {
      return new Cell.Missing("outside the hive");
    }
    if (gap(storage, at / BLOCK).isPresent()) {
      return new Cell.Missing(gap(storage, at / BLOCK).orElseThrow());
    }
    int size = raw(cell).getInt(at);
    int length = Math.abs(size);
    if (length < 8 || length % 8 != 0 || length > used[storage] - at) {
      return new Cell.Missing("its size cannot be");
    }
    for (int block = at / BLOCK; block <= (at + length - 1) / BLOCK; block++) {
      if (gap(storage, block).isPresent()) {
        return new Cell.Missing(gap(storage, block).orElseThrow());
      }
    }
    ByteBuffer content = ByteBuffer.wrap(bytes[storage], at + 4, length - 4).slice();
    long gpa = gpa(storage, at / BLOCK).orElseThrow() + at % BLOCK + 4;
    return new Cell.Present(content.order(ByteOrder.LITTLE_ENDIAN), size > 0, gpa);
  }

  /** Puts a block elsewhere in RAM. */
  void move(int storage, int block) {
    nextFrame += BLOCK;
    moved.put((storage << 31) | block, nextFrame);
  }

  /** Frames that were written since this was asked last. */
  FrameSet takeChanges() {
    FrameSet.Builder changes = new FrameSet.Builder(1 << 20);
    for (int storage = STABLE; storage <= VOLATILE; storage++) {
      for (int block = dirty[storage].nextSetBit(0);
          block >= 0;
          block = dirty[storage].nextSetBit(block + 1)) {
        gpa(storage, block).ifPresent(gpa -> changes.add(gpa / BLOCK, 1));
      }
      dirty[storage].clear();
    }
    return changes.build();
  }
}
