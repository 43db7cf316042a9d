package io.ramtide.acquirer.qemu.stream;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A number for each page, 8 bytes: 0 not seen, 1 zero, else where its bytes begin in a file. It lies
 * in an unlinked file, so that it takes the host's page cache and not the heap.
 */
final class PageIndex implements Closeable {
  static final long NOT_SEEN = 0;
  static final long ZERO = 1;

  private static final int WINDOW_ENTRIES = 1 << 26;
  private static final int ZEROS = 1 << 20;

  private final long entries;
  private final LongBuffer[] windows;

  PageIndex(Path folder, long entries) throws IOException {
    this.entries = entries;
    windows = new LongBuffer[Math.toIntExact((entries + WINDOW_ENTRIES - 1) / WINDOW_ENTRIES)];
    try (FileChannel file = TemporaryFile.open(folder)) {
      allocate(file);
      for (int i = 0; i < windows.length; i++) {
        long first = (long) i * WINDOW_ENTRIES;
        long count = Math.min(WINDOW_ENTRIES, entries - first);
        windows[i] =
            file.map(FileChannel.MapMode.READ_WRITE, first * Long.BYTES, count * Long.BYTES)
                .asLongBuffer();
      }
    }
  }

  /** Written out, for a full disk shows as an exception here, and as a crash under a mapping. */
  private void allocate(FileChannel file) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
    for (long left = entries * Long.BYTES; left > 0; ) {
      zeros.clear().limit((int) Math.min(ZEROS, left));
      left -= file.write(zeros);
    }
  }

  long entries() {
    return entries;
  }

  long get(long page) {
    return windows[(int) (page / WINDOW_ENTRIES)].get((int) (page % WINDOW_ENTRIES));
  }

  void set(long page, long value) {
    windows[(int) (page / WINDOW_ENTRIES)].put((int) (page % WINDOW_ENTRIES), value);
  }

  @Override
  public void close() {
    Arrays.fill(windows, null);
  }
}
