package io.ramtide.testkit.windows.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The first bytes of an image in memory: DOS header, PE header, one section. Layout: PE format. */
public final class PeHeader {

  private static final int PE_HEADER = 0x80;
  private static final int OPTIONAL_HEADER = 0xf0;

  private PeHeader() {}

  /**
   * The headers of a 64-bit image, or with {@code wide} false of a 32-bit one.
   *
   * @param size bytes of the image
   * @param entryRva RVA of its entry point
   */
  public static byte[] bytes(long base, long size, int entryRva, boolean wide) {
    ByteBuffer b = ByteBuffer.allocate(0x400).order(ByteOrder.LITTLE_ENDIAN);
    b.put(0, new byte[] {'M', 'Z', (byte) 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, -1, -1});
    b.putInt(0x3c, PE_HEADER).position(PE_HEADER);
    b.put(new byte[] {'P', 'E', 0, 0}).putShort((short) (wide ? 0x8664 : 0x14c));
    b.putShort((short) 1).putInt((int) (base >>> 12) ^ 0x4b000000).putLong(0);
    b.putShort((short) OPTIONAL_HEADER).putShort((short) 0x2022);
    int optional = b.position();
    b.putShort((short) (wide ? 0x20b : 0x10b)).putShort((short) 9).putInt((int) size - 0x1000);
    b.putInt(optional + 16, entryRva).putInt(optional + 20, 0x1000);
    if (wide) {
      b.putLong(optional + 24, base);
    } else {
      b.putInt(optional + 28, (int) base);
    }
    b.putInt(optional + 32, 0x1000).putInt(optional + 36, 0x200);
    b.putInt(optional + 56, (int) size).putInt(optional + 60, 0x400);
    b.position(optional + OPTIONAL_HEADER);
    b.put(".text\0\0\0".getBytes(StandardCharsets.US_ASCII)).putInt((int) size - 0x1000);
    b.putInt(0x1000).putInt((int) size - 0x1000).putInt(0x400).putLong(0).putInt(0);
    b.putInt(0x60000020);
    return b.array();
  }
}
