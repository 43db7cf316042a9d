package io.ramtide.acquirer.live.seen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An ELF core of a {@link ScriptedGuest} as QEMU writes it: with its video memory at 0xa0000, and
 * firmware below 4 GiB.
 */
final class CoreFile {
  private static final int HEADERS = 64 + 5 * 56;
  private static final int FIRMWARE = 0x1000;

  private CoreFile() {}

  static byte[] of(ScriptedGuest guest) {
    long[][] loads = {
      {0, 0xa0000},
      {0xa0000, 0x20000},
      {0xc0000, 0x140000},
      {0xfffff000L, FIRMWARE},
      {ScriptedGuest.HIGH, 1 << 20}
    };
    ByteBuffer file =
        ByteBuffer.allocate(HEADERS + guest.ram.length + FIRMWARE).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1).put(6, (byte) 1);
    file.putShort(16, (short) 4).putShort(18, (short) 62).putLong(32, 64);
    file.putShort(54, (short) 56).putShort(56, (short) loads.length);
    int offset = HEADERS;
    for (int i = 0; i < loads.length; i++) {
      long gpa = loads[i][0];
      int bytes = (int) loads[i][1];
      int header = 64 + i * 56;
      file.putInt(header, 1).putLong(header + 8, offset).putLong(header + 24, gpa);
      file.putLong(header + 32, bytes).putLong(header + 40, bytes);
      boolean ram = gpa != 0xa0000 && gpa != 0xfffff000L;
      file.put(offset, ram ? guest.at(gpa, bytes) : new byte[bytes]);
      offset += bytes;
    }
    return file.array();
  }
}
