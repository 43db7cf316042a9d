package io.ramtide.testkit.ram;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * LiME, version 1, as the LiME kernel module's documentation describes it: per range a header of 32
 * bytes (magic u32 4C694D45, version u32, first address u64, last address u64 inclusive, 8 bytes
 * reserved), then the range's bytes. A PC's firmware keeps the last kilobyte below 640 KiB, so the
 * first range of a real dump ends at 9fbff, which is no page boundary: so does this one.
 */
final class LimeWriter {

  private static final int HEADER = 32;
  private static final int MAGIC = 0x4C694D45;
  private static final long LOW_RAM_END = 0x9fc00;

  private LimeWriter() {}

  static void write(GuestRam ram, Path file) throws IOException {
    try (DumpFile dump = new DumpFile(file)) {
      long offset = 0;
      for (RamRange range : ram.ram()) {
        long start = range.start();
        long end = range.end() == 0xa0000 ? LOW_RAM_END : range.end();
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC).putInt(1).putLong(start).putLong(end - 1);
        dump.write(offset, header.clear());
        dump.writeMemory(offset + HEADER, ram, start, end);
        offset += HEADER + end - start;
      }
      dump.setLength(offset);
    }
  }
}
