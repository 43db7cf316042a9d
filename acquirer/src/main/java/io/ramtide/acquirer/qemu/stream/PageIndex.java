package io.ramtide.acquirer.qemu.stream;

import com.sun.jna.Memory;
import java.io.Closeable;
import java.io.IOException;

/**
 * A number for each page, 8 bytes outside of the heap: 0 not seen, 1 zero, else where its bytes
 * begin in a file.
 */
final class PageIndex implements Closeable {
  static final long NOT_SEEN = 0;
  static final long ZERO = 1;

  private final long entries;
  private final Memory memory;

  PageIndex(long entries) throws IOException {
    this.entries = entries;
    try {
      memory = new Memory(Math.max(1, entries) * Long.BYTES);
    } catch (OutOfMemoryError e) {
      throw new IOException("there is no memory for an index of %d pages".formatted(entries), e);
    }
    memory.clear();
  }

  long get(long page) {
    return memory.getLong(checked(page));
  }

  void set(long page, long value) {
    memory.setLong(checked(page), value);
  }

  private long checked(long page) {
    if (page < 0 || page >= entries) {
      throw new IndexOutOfBoundsException("page %d of %d".formatted(page, entries));
    }
    return page * Long.BYTES;
  }

  @Override
  public void close() {
    memory.close();
  }
}
