package io.ramtide.testkit.x64;

import io.ramtide.testkit.ram.WritableRam;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** RAM as seen through one page table root: all addresses are virtual, numbers little-endian. */
public final class AddressSpace {

  private final WritableRam ram;
  private final PageTables tables;
  private final long root;
  private long cachedPage = 1; // no page's address
  private long cachedGpa;
  private int cachedVersion;

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
    long page = va & -WritableRam.FRAME;
    if (page != cachedPage || cachedVersion != tables.version()) {
      cachedGpa = tables.translate(root, page);
      cachedPage = page;
      cachedVersion = tables.version();
    }
    return cachedGpa + (va - page);
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
    if (inOnePage(va, 2)) {
      ram.putShort(translate(va), value);
    } else {
      put(va, littleEndian(2).putShort((short) value).array());
    }
  }

  public void putInt(long va, int value) {
    if (inOnePage(va, 4)) {
      ram.putInt(translate(va), value);
    } else {
      put(va, littleEndian(4).putInt(value).array());
    }
  }

  public void putLong(long va, long value) {
    if (inOnePage(va, 8)) {
      ram.putLong(translate(va), value);
    } else {
      put(va, littleEndian(8).putLong(value).array());
    }
  }

  public long getLong(long va) {
    if (inOnePage(va, 8)) {
      return ram.getLong(translate(va));
    }
    ByteBuffer b = littleEndian(8);
    for (int i = 0; i < 8; i++) {
      b.put(i, ram.get(translate(va + i), 1)[0]);
    }
    return b.getLong();
  }

  public void fillZero(long va, int length) {
    put(va, new byte[length]);
  }

  private static boolean inOnePage(long va, int length) {
    return (va & (WritableRam.FRAME - 1)) <= WritableRam.FRAME - length;
  }

  private static ByteBuffer littleEndian(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }
}
