package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes ELF cores and LiME dumps by hand, byte by byte. */
final class DumpBuilder {
  static final int FRAME = MemorySource.FRAME_BYTES;

  /** A program header; {@code type} 1 is PT_LOAD. */
  record Header(int type, long offset, long paddr, long fileBytes, long memoryBytes) {}

  private final List<Header> headers = new ArrayList<>();
  private final ByteBuffer file;
  private int elfClass = 2;
  private int byteOrder = 1;
  private int type = 4;
  private boolean extendedCount;

  DumpBuilder(int fileBytes) {
    file = ByteBuffer.allocate(fileBytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  static byte[] random(int bytes, long seed) {
    byte[] random = new byte[bytes];
    new Random(seed).nextBytes(random);
    return random;
  }

  static Path raw(Path path, byte[] bytes) throws IOException {
    return Files.write(path, bytes);
  }

  DumpBuilder load(long paddr, long offset, long fileBytes, long memoryBytes) {
    return header(new Header(1, offset, paddr, fileBytes, memoryBytes));
  }

  DumpBuilder header(Header header) {
    headers.add(header);
    return this;
  }

  DumpBuilder put(int offset, byte[] bytes) {
    file.put(offset, bytes);
    return this;
  }

  DumpBuilder elfClass(int value) {
    elfClass = value;
    return this;
  }

  DumpBuilder byteOrder(int value) {
    byteOrder = value;
    return this;
  }

  DumpBuilder type(int value) {
    type = value;
    return this;
  }

  /** Puts the count into section header 0, as for 65535 program headers and more. */
  DumpBuilder extendedCount() {
    extendedCount = true;
    return this;
  }

  Path elf(Path path) throws IOException {
    file.putInt(0, 0x464c457f).put(4, (byte) elfClass).put(5, (byte) byteOrder).put(6, (byte) 1);
    file.putShort(16, (short) type).putShort(18, (short) 62);
    int table = extendedCount ? 128 : 64;
    file.putLong(32, table).putShort(54, (short) 56);
    file.putShort(56, (short) (extendedCount ? 0xffff : headers.size()));
    if (extendedCount) {
      file.putLong(40, 64).putInt(64 + 44, headers.size());
    }
    for (int i = 0; i < headers.size(); i++) {
      Header each = headers.get(i);
      int at = table + 56 * i;
      file.putInt(at, each.type).putLong(at + 8, each.offset).putLong(at + 24, each.paddr);
      file.putLong(at + 32, each.fileBytes).putLong(at + 40, each.memoryBytes);
    }
    return Files.write(path, file.array());
  }

  /** A LiME header of 32 bytes. */
  static byte[] lime(int version, long first, long last) {
    return ByteBuffer.allocate(32)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(0x4c694d45)
        .putInt(version)
        .putLong(first)
        .putLong(last)
        .array();
  }

  static byte[] join(byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    ByteBuffer joined = ByteBuffer.allocate(length);
    for (byte[] part : parts) {
      joined.put(part);
    }
    return joined.array();
  }

  /** All of RAM between two addresses as the source gives it; what is no data is zero. */
  static byte[] ramOf(MemorySource source, long from, int length) throws IOException {
    byte[] ram = new byte[length];
    for (MemoryRange range : source.data()) {
      long start = Math.max(from, range.gpa());
      long end = Math.min(from + length, range.end());
      if (start < end) {
        ByteBuffer target = ByteBuffer.wrap(ram, (int) (start - from), (int) (end - start));
        source.read(start, target);
        byte[] viewed = new byte[(int) (end - start)];
        source.view(start, viewed.length).get(viewed);
        if (!ByteBuffer.wrap(viewed)
            .equals(ByteBuffer.wrap(ram, (int) (start - from), viewed.length))) {
          throw new AssertionError("view and read differ at " + start);
        }
      }
    }
    return ram;
  }

  static MemoryRange frames(long first, long count) {
    return new MemoryRange(first * FRAME, count * FRAME);
  }
}
