package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.host.FileExtent;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An open dump file: positional reads, and read-only views through mapped windows. */
final class DumpFile implements Closeable {
  /** Windows begin at every multiple of half their size, so a view of that much is in one. */
  static final long MAX_VIEW = 512L << 20;

  private static final long WINDOW = 2 * MAX_VIEW;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final long modifiedAtMicros;
  private final Map<Long, MappedByteBuffer> windows = new HashMap<>();

  private DumpFile(Path path, FileChannel channel, BasicFileAttributes attributes)
      throws IOException {
    this.path = path;
    this.channel = channel;
    size = channel.size();
    modifiedAtMicros = attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS);
  }

  static DumpFile open(Path path) throws UnreadableDumpException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        throw new UnreadableDumpException(path + ": is a directory; give a dump file");
      }
      if (!attributes.isRegularFile()) {
        throw new UnreadableDumpException(path + ": is no regular file; give a dump file");
      }
      if (attributes.size() == 0) {
        throw new UnreadableDumpException(path + ": is empty; was the dump written to its end?");
      }
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      return new DumpFile(path, channel, attributes);
    } catch (IOException e) {
      throw new UnreadableDumpException(explain(path, e), e);
    }
  }

  /** What a failure to open means, in one sentence. */
  static String explain(Path path, IOException e) {
    if (e instanceof NoSuchFileException) {
      return path + ": there is no such file; check the path";
    }
    if (e instanceof AccessDeniedException) {
      return path + ": no permission to read it; run as its owner or change its mode";
    }
    return path + ": could not be opened: " + e.getMessage();
  }

  long size() {
    return size;
  }

  String name() {
    Path name = path.getFileName();
    return (name == null ? path : name).toString();
  }

  long modifiedAtMicros() {
    return modifiedAtMicros;
  }

  /** The parts of the file that are no holes. */
  List<FileExtent> extents() {
    return FileExtent.of(path, size);
  }

  /** Up to so many bytes from an offset on, little-endian; fewer where the file ends. */
  ByteBuffer head(long offset, int length) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate((int) Math.max(0, Math.min(length, size - offset)))
            .order(ByteOrder.LITTLE_ENDIAN);
    read(offset, bytes);
    return bytes.flip();
  }

  /** Fills the target. */
  void read(long offset, ByteBuffer target) throws IOException {
    long at = offset;
    while (target.hasRemaining()) {
      int read = channel.read(target, at);
      if (read < 0) {
        throw shrunk(at);
      }
      at += read;
    }
  }

  /** A mapped part of the file, at most {@link #MAX_VIEW} bytes. */
  ByteBuffer view(long offset, int length) throws IOException {
    if (channel.size() < offset + length) {
      throw shrunk(channel.size());
    }
    long start = offset / MAX_VIEW * MAX_VIEW;
    return window(start)
        .slice((int) (offset - start), length)
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * As {@link #read}, with one copy less: through the mapping, straight into the target.
   *
   * @throws InternalError if the file ends meanwhile, perhaps only some steps later
   */
  void copy(long offset, ByteBuffer target) throws IOException {
    target.put(view(offset, target.remaining()));
  }

  private synchronized MappedByteBuffer window(long start) throws IOException {
    MappedByteBuffer window = windows.get(start);
    if (window == null) {
      window = channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(WINDOW, size - start));
      windows.put(start, window);
    }
    return window;
  }

  private IOException shrunk(long at) {
    return new IOException(
        ("%s: has shrunk: it had %d bytes when it was opened, and now ends at %d; wait until"
                + " nothing writes to it and start again")
            .formatted(path, size, at));
  }

  /** Views stay mapped as long as someone holds them: unmapping under a reader ends the JVM. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It was only read: nothing is lost.
    }
    synchronized (this) {
      windows.clear();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
