package io.ramtide.testkit.x64;

import io.ramtide.testkit.ram.WritableRam;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** RAM as seen through one page table root: all addresses are virtual, numbers little-endian. */
public final class AddressSpace {

  private final WritableRam ram;
  private final PageTables tables;
  private final long root;

  public AddressSpace(WritableRam ram, PageTables tables, long root) {
    this.ram = ram;
    this.tables = tables;
    this.root = root;
  }

  /** Guest-physical address of the page table root. */
  public long root() {
    return root;
  }

  /** Guest-physical address of a mapped address. */
  public long translate(long va) {
    return tables.translate(root, va);
  }

  public void put(long va, byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      int count = Math.min(WritableRam.FRAME - ((int) (va + done) & 0xfff), bytes.length - done);
      byte[] part = new byte[count];
      System.arraycopy(bytes, done, part, 0, count);
      ram.put(translate(va + done), part);
      done += count;
    }
  }

  public void putByte(long va, int value) {
    ram.putByte(translate(va), value);
  }

  public void putShort(long va, int value) {
    put(va, littleEndian(2).putShort((short) value).array());
  }

  public void putInt(long va, int value) {
    put(va, littleEndian(4).putInt(value).array());
  }

  public void putLong(long va, long value) {
    put(va, littleEndian(8).putLong(value).array());
  }

  public long getLong(long va) {
    return ByteBuffer.wrap(ram.get(translate(va), 8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  public void fillZero(long va, int length) {
    put(va, new byte[length]);
  }

  private static ByteBuffer littleEndian(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
