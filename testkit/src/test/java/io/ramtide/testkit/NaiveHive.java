package io.ramtide.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a hive with nothing but written-down offsets: those of the public symbol tables of the
 * kernels, and of the file format of hives.
 */
final class NaiveHive {

  /**
   * What the tests know of a kernel's hives, on their own.
   *
   * @param storage offset of HHIVE.Storage
   * @param entry bytes of an HMAP_ENTRY
   * @param blockAddress whether the entry begins with the address of the block
   */
  record Offsets(int storage, int entry, boolean blockAddress) {
    static Offsets of(int build) {
      return switch (build) {
        case 7601 -> new Offsets(0xa8, 0x20, true);
        case 9600 -> new Offsets(0xb8, 0x18, true);
        case 14393 -> new Offsets(0x578, 0x28, false);
        case 17763, 19041 -> new Offsets(0x110, 0x18, false);
        case 22000 -> new Offsets(0x118, 0x18, false);
        default -> throw new IllegalArgumentException("build " + build);
      };
    }
  }

  private static final int DUAL = 0x278;
  private static final int SEGMENT = 16344;

  private final NaiveWalker memory;
  private final long hive;
  private final Offsets at;
  private final Map<Long, byte[]> blocks = new HashMap<>();

  /** A hive as seen from the address space that maps it. */
  NaiveHive(NaiveWalker memory, long hive, Offsets at) {
    this.memory = memory;
    this.hive = hive;
    this.at = at;
  }

  /** All keys below a root cell by their paths; of each its values: type number, then data. */
  Map<String, Map<String, String>> keys(int rootCell) {
    Map<String, Map<String, String>> keys = new TreeMap<>();
    key(rootCell, "", keys);
    return keys;
  }

  private void key(int cell, String path, Map<String, Map<String, String>> into) {
    ByteBuffer node = cell(cell);
    if (node.getShort(0) != 0x6b6e) { // nk
      return;
    }
    into.put(path, values(node));
    for (int storage = 0; storage < 2; storage++) {
      int count = node.getInt(0x14 + 4 * storage);
      if (count > 0 && list(node.getInt(0x1c + 4 * storage), path, into) != count) {
        throw new AssertionError(path + " does not list the subkeys it counts");
      }
    }
  }

  /** Reads the keys of a list; how many it names. */
  private int list(int cell, String path, Map<String, Map<String, String>> into) {
    ByteBuffer list = cell(cell);
    String kind = "" + (char) list.get(0) + (char) list.get(1);
    int step = kind.equals("lf") || kind.equals("lh") ? 8 : 4;
    int listed = 0;
    for (int i = 0; i < list.getShort(2); i++) {
      int entry = list.getInt(4 + step * i);
      if (kind.equals("ri")) {
        listed += list(entry, path, into);
      } else {
        String name = name(cell(entry), 0x48, 0x4c, (cell(entry).getShort(2) & 0x20) != 0);
        key(entry, path.isEmpty() ? name : path + "\\" + name, into);
        listed++;
      }
    }
    return listed;
  }

  private Map<String, String> values(ByteBuffer node) {
    Map<String, String> values = new TreeMap<>();
    int count = node.getInt(0x24);
    for (int i = 0; i < count; i++) {
      ByteBuffer value = cell(cell(node.getInt(0x28)).getInt(4 * i));
      String name = name(value, 2, 0x14, (value.getShort(0x10) & 1) != 0);
      values.put(name, value.getInt(0xc) + ":" + HexFormat.of().formatHex(data(value)));
    }
    return values;
  }

  private byte[] data(ByteBuffer value) {
    int length = value.getInt(4) & 0x7fffffff;
    byte[] data = new byte[length];
    if (value.getInt(4) < 0) {
      value.get(8, data);
    } else if (length <= SEGMENT) {
      cell(value.getInt(8)).get(0, data);
    } else {
      ByteBuffer big = cell(value.getInt(8));
      for (int i = 0; i < big.getShort(2); i++) {
        int segment = cell(big.getInt(4)).getInt(4 * i);
        int done = i * SEGMENT;
        cell(segment).get(0, data, done, Math.min(SEGMENT, length - done));
      }
    }
    return data;
  }

  private static String name(ByteBuffer cell, int lengthAt, int at, boolean narrow) {
    byte[] bytes = new byte[cell.getShort(lengthAt)];
    cell.get(at, bytes);
    return new String(bytes, narrow ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16LE);
  }

  private ByteBuffer cell(int index) {
    int size = -bytes(index, 4).getInt(0);
    if (size <= 0) {
      throw new AssertionError("cell %#x is free".formatted(index));
    }
    return bytes(index + 4, size - 4);
  }

  private ByteBuffer bytes(int index, int length) {
    ByteBuffer all = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < length; ) {
      int place = index + done;
      int count = Math.min(length - done, 4096 - (place & 0xfff));
      byte[] block = blocks.computeIfAbsent(blockVa(place), va -> memory.page(va));
      all.put(done, block, place & 0xfff, count);
      done += count;
    }
    return all;
  }

  private long blockVa(int index) {
    long dual = hive + at.storage() + (index < 0 ? DUAL : 0);
    long directory = memory.u64(dual + 8);
    long table = memory.u64(directory + 8L * (index >>> 21 & 0x3ff));
    long entry = table + (long) at.entry() * (index >>> 12 & 0x1ff);
    return at.blockAddress()
        ? memory.u64(entry)
        : memory.u64(entry) + (memory.u64(entry + 8) & -0x10L);
  }
}
