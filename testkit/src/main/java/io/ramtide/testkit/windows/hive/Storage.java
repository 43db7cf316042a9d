package io.ramtide.testkit.windows.hive;

import io.ramtide.testkit.windows.KernelFacts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A storage of a hive: bins of cells. A cell is its size (4 bytes, negative while it is in use) and
 * its content. What changed is kept until {@link #flush} puts it into RAM, block by block.
 */
public final class Storage {

  private static final int BLOCK = HivePages.PAGE;
  private static final int SIZE_BYTES = 4;

  private final KernelFacts facts;
  private final Blocks blocks;
  private final HiveMap map;
  private final FreeCells free = new FreeCells();
  private final Map<Integer, Integer> reserved = new HashMap<>();
  private final BitSet dirty = new BitSet();
  private final int smallestBin;
  private byte[] content = new byte[16 * BLOCK];
  private ByteBuffer bytes = littleEndian(content);
  private int length;

  public Storage(KernelFacts facts, Blocks blocks, HiveMap map, int smallestBin) {
    this.facts = facts;
    this.blocks = blocks;
    this.map = map;
    this.smallestBin = smallestBin;
  }

  /** A cell with room for so many bytes, zero; its offset. */
  int allocate(int count, long now) {
    int size = count + SIZE_BYTES + 7 & -8;
    int offset = free.take(size);
    if (offset < 0) {
      offset = addBin(Math.max(smallestBin, size + binHeader() + BLOCK - 1 & -BLOCK), now);
      free.remove(offset);
    }
    int whole = bytes.getInt(offset);
    if (whole > size) {
      putFree(offset + size, whole - size);
    }
    Arrays.fill(content, offset, offset + size, (byte) 0);
    putInt(offset, -size);
    touch(offset, size);
    return offset;
  }

  /** Gives a cell back, together with free neighbours; its content stays. */
  void free(int offset) {
    int end = offset - bytes.getInt(offset);
    putInt(offset, end - offset);
    end += free.remove(end);
    int before = free.removeEndingAt(offset);
    int start = before >= 0 ? before : offset;
    putFree(start, end - start);
  }

  /** Adds bins that stay free until {@link #release}. */
  public void reserve(int bins, int binBytes, long now) {
    ensureCapacity(length + bins * binBytes + 32 * BLOCK);
    for (int i = 0; i < bins; i++) {
      int offset = addBin(binBytes, now);
      reserved.put(offset, free.remove(offset));
    }
  }

  public void release() {
    reserved.forEach(free::add);
    reserved.clear();
  }

  /** Bytes that a cell's content has room for. */
  int room(int offset) {
    return -bytes.getInt(offset) - SIZE_BYTES;
  }

  public int length() {
    return length;
  }

  /** The storage as a file has it, to be read only. */
  public ByteBuffer bytes() {
    return bytes;
  }

  void put(int offset, byte[] value) {
    bytes.put(offset, value);
    touch(offset, value.length);
  }

  void putShort(int offset, int value) {
    bytes.putShort(offset, (short) value);
    touch(offset, 2);
  }

  void putInt(int offset, int value) {
    bytes.putInt(offset, value);
    touch(offset, 4);
  }

  void putLong(int offset, long value) {
    bytes.putLong(offset, value);
    touch(offset, 8);
  }

  /** Whether all of a cell is in RAM, what is in transition included. */
  boolean inRam(int offset) {
    int last = offset + Math.abs(bytes.getInt(offset)) - 1;
    return blocks.all().subList(offset / BLOCK, last / BLOCK + 1).stream().allMatch(Block::inRam);
  }

  boolean isFree(int offset, int count) {
    return free.covers(offset, count);
  }

  public List<Block> blocks() {
    return blocks.all();
  }

  public void page(int block, String state) {
    blocks.page(block, state);
  }

  public void flush() {
    for (int i = dirty.nextSetBit(0); i >= 0; i = dirty.nextSetBit(i + 1)) {
      blocks.write(i, Arrays.copyOfRange(content, i * BLOCK, (i + 1) * BLOCK));
    }
    dirty.clear();
  }

  public void unmap() {
    blocks.free();
    map.free();
  }

  private int addBin(int size, long now) {
    int start = length;
    length += size;
    if (length > content.length) {
      ensureCapacity(2 * length);
    }
    map.add(blocks.addBin(size));
    put(start + at("Signature"), "hbin".getBytes(StandardCharsets.US_ASCII));
    putInt(start + at("FileOffset"), start);
    putInt(start + at("Size"), size);
    putLong(start + at("TimeStamp"), start == 0 ? now : 0);
    putFree(start + binHeader(), size - binHeader());
    return start + binHeader();
  }

  private void ensureCapacity(int capacity) {
    if (capacity > content.length) {
      content = Arrays.copyOf(content, capacity);
      bytes = littleEndian(content);
    }
  }

  private void putFree(int offset, int size) {
    putInt(offset, size);
    free.add(offset, size);
  }

  private int at(String field) {
    return facts.offset("_HBIN", field);
  }

  private int binHeader() {
    return facts.size("_HBIN");
  }

  private void touch(int offset, int count) {
    if (count > 0) {
      dirty.set(offset / BLOCK, (offset + count - 1) / BLOCK + 1);
    }
  }

  private static ByteBuffer littleEndian(byte[] content) {
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }
}
