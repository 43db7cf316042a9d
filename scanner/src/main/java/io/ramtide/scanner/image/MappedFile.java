package io.ramtide.scanner.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A file of fixed size: written through the channel, so that a full disk is an IOException and not
 * a fault of the JVM; read through a mapping, without copying. Both see the same page cache.
 */
final class MappedFile implements Closeable {
  /** A Java mapping ends below 2 GiB. */
  static final long WINDOW_BYTES = 1L << 30;

  private final FileChannel channel;
  private final MappedByteBuffer[] windows;

  /** Creates the file, sparse, or empties it. */
  MappedFile(Path file, long bytes) throws IOException {
    channel = new RandomAccessFile(file.toFile(), "rw").getChannel();
    try {
      channel.truncate(0);
      windows = new MappedByteBuffer[(int) ((bytes + WINDOW_BYTES - 1) / WINDOW_BYTES)];
      for (int i = 0; i < windows.length; i++) {
        long start = i * WINDOW_BYTES;
        long length = Math.min(WINDOW_BYTES, bytes - start);
        // Mapping behind the end extends the file, sparsely.
        windows[i] = channel.map(FileChannel.MapMode.READ_WRITE, start, length);
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  void write(long offset, ByteBuffer bytes) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  byte get(long offset) {
    return windows[window(offset)].get(within(offset));
  }

  void read(long offset, byte[] target, int at, int length) {
    windows[window(offset)].get(within(offset), target, at, length);
  }

  /** A little-endian view; it does not cross a window's end. */
  ByteBuffer view(long offset, int length) {
    return windows[window(offset)]
        .slice(within(offset), length)
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int window(long offset) {
    return (int) (offset / WINDOW_BYTES);
  }

  private static int within(long offset) {
    return (int) (offset % WINDOW_BYTES);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
