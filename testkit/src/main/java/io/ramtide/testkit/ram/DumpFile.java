package io.ramtide.testkit.ram;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A dump being written: zero frames become holes of a sparse file. */
final class DumpFile implements AutoCloseable {

  private final FileChannel channel;

  DumpFile(Path file) throws IOException {
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE);
  }

  void write(long offset, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      offset += channel.write(bytes, offset);
    }
  }

  /**
   * Writes the non-zero frames of [start, end), of which the last may be cut, from an offset on.
   */
  void writeMemory(long offset, GuestRam ram, long start, long end) throws IOException {
    for (long number : ram.frames()) {
      long gpa = number << 12;
      if (gpa >= start && gpa < end) {
        int length = (int) Math.min(WritableRam.FRAME, end - gpa);
        write(offset + gpa - start, ByteBuffer.wrap(ram.content(number), 0, length));
      }
    }
  }

  /** Gives the file its length, whether or not its last bytes were written. */
  void setLength(long length) throws IOException {
    if (channel.size() < length) {
      write(length - 1, ByteBuffer.allocate(1));
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
