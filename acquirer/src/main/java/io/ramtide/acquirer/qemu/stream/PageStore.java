package io.ramtide.acquirer.qemu.stream;

import io.ramtide.acquirer.source.MemorySource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Where the bytes of pages stay once the stream has gone by. */
sealed interface PageStore extends Closeable {
  /**
   * Keeps a page, and tells where it begins in {@link #file}.
   *
   * @param position of the page in the stream
   * @param before where the same page was kept before, or less than 2
   */
  long keep(ByteBuffer page, long position, long before) throws IOException;

  /** Everything was read. */
  void end() throws IOException;

  FileChannel file();

  @Override
  default void close() throws IOException {
    file().close();
  }

  /** The stream is a file: the page stays where it is. */
  record InPlace(FileChannel file) implements PageStore {
    @Override
    public long keep(ByteBuffer page, long position, long before) {
      return position;
    }

    @Override
    public void end() {}
  }

  /** The stream goes by: pages are appended to a file in the order in which they come. */
  final class Spool implements PageStore {
    private static final int FRAME = MemorySource.FRAME_BYTES;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * FRAME);
    // Offset 0 would read as a page that was never seen.
    private long flushed = FRAME;

    Spool(FileChannel file) {
      this.file = file;
    }

    /** A page that comes again takes its old place, so the file is never larger than RAM. */
    @Override
    public long keep(ByteBuffer page, long position, long before) throws IOException {
      if (before >= FRAME) {
        if (before >= flushed) {
          buffer.put((int) (before - flushed), page, page.position(), FRAME);
        } else {
          write(page, before);
        }
        return before;
      }
      if (!buffer.hasRemaining()) {
        end();
      }
      long kept = flushed + buffer.position();
      buffer.put(page);
      return kept;
    }

    @Override
    public void end() throws IOException {
      int bytes = buffer.flip().remaining();
      write(buffer, flushed);
      flushed += bytes;
      buffer.clear();
    }

    @Override
    public FileChannel file() {
      return file;
    }

    private void write(ByteBuffer bytes, long offset) throws IOException {
      long at = offset;
      while (bytes.hasRemaining()) {
        at += file.write(bytes, at);
      }
    }
  }
}
