package io.ramtide.acquirer.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file in this process's memory, read-only. Only what is touched through a view takes memory, and
 * only touching a hole would allocate it.
 */
public final class SharedMapping implements Closeable {
  /** A view is in one window: they begin at every multiple of half their size. */
  private static final long WINDOW = 1L << 30;

  /** Longest view, bytes. */
  public static final int MAX_VIEW = (int) (WINDOW / 2);

  private static final Cleaner CLEANER = Cleaner.create();

  private final long address;
  private final long length;
  private final ByteBuffer[] windows;
  private boolean closed;

  private SharedMapping(long address, long length) {
    this.address = address;
    this.length = length;
    windows = new ByteBuffer[(int) ((length + MAX_VIEW - 1) / MAX_VIEW)];
  }

  static SharedMapping of(int file, long length) throws IOException {
    try {
      long address = LibC.mmap(0, length, LibC.PROT_READ, LibC.MAP_SHARED, file, 0);
      LibC.madvise(address, length, LibC.MADV_DONTDUMP); // No guest's RAM in a core of ours.
      return new SharedMapping(address, length);
    } catch (LastErrorException e) {
      throw new IOException(
          "%d bytes of shared memory cannot be mapped: %s".formatted(length, e.getMessage()), e);
    }
  }

  /**
   * The bytes themselves: read-only, little-endian, valid until close.
   *
   * @param bytes at most {@link #MAX_VIEW}
   */
  public synchronized ByteBuffer view(long offset, int bytes) {
    if (closed || offset < 0 || bytes < 0 || bytes > MAX_VIEW || offset + bytes > length) {
      throw new IndexOutOfBoundsException(
          closed ? "closed" : "%d bytes at %d of %d".formatted(bytes, offset, length));
    }
    int index = (int) (offset / MAX_VIEW);
    long start = (long) index * MAX_VIEW;
    if (windows[index] == null) {
      windows[index] =
          new Pointer(address + start).getByteBuffer(0, Math.min(WINDOW, length - start));
    }
    return windows[index]
        .slice((int) (offset - start), bytes)
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Lets go of the file's memory at once. Its addresses are kept, empty, as long as someone holds a
   * view: reading an address that is not mapped would end the whole program.
   */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      LibC.mmap(
          address,
          length,
          LibC.PROT_READ,
          LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS | LibC.MAP_NORESERVE | LibC.MAP_FIXED,
          -1,
          0);
    } catch (LastErrorException e) {
      throw new IOException("shared memory cannot be let go: " + e.getMessage(), e);
    }
    unmapAfterLastView();
  }

  private void unmapAfterLastView() {
    long start = address;
    long bytes = length;
    AtomicInteger holders = new AtomicInteger(1);
    Runnable letGo =
        () -> {
          if (holders.decrementAndGet() == 0) {
            LibC.munmap(start, bytes);
          }
        };
    for (ByteBuffer window : windows) {
      if (window != null) {
        holders.incrementAndGet();
        CLEANER.register(window, letGo); // Every view holds its window.
      }
    }
    Arrays.fill(windows, null);
    letGo.run();
  }
}
