package io.ramtide.acquirer.host;

import com.sun.jna.LastErrorException;
import io.ramtide.acquirer.host.MappedArea.FileId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** A file that another process maps, opened through that process and for reading only. */
public final class SharedFile implements Closeable {
  private static final int FILE_TYPE = 0170000;
  private static final int REGULAR = 0100000;
  private static final long HUGETLBFS = 0x958458f6L;
  private static final int STATFS_BYTES = 256;

  private final int descriptor;
  private final FileChannel channel;
  private final FileId id;

  private SharedFile(int descriptor, FileChannel channel, FileId id) {
    this.descriptor = descriptor;
    this.channel = channel;
    this.id = id;
  }

  /**
   * Opens what a link below /proc leads to.
   *
   * @throws IOException if that is no regular file, or may not be read
   */
  static SharedFile open(Path link) throws IOException {
    int descriptor = openRegular(link);
    try {
      // The second opening is of the very file that was looked at, whatever the link leads to now.
      Path own = Path.of("/proc/self/fd", Integer.toString(descriptor));
      Map<String, Object> facts = Files.readAttributes(own, "unix:mode,dev,ino");
      if (((Integer) facts.get("mode") & FILE_TYPE) != REGULAR) {
        throw new IOException(link + " is no regular file");
      }
      FileId id = FileId.of((Long) facts.get("dev"), (Long) facts.get("ino"));
      return new SharedFile(descriptor, FileChannel.open(own, StandardOpenOption.READ), id);
    } catch (IOException | RuntimeException e) {
      LibC.close(descriptor);
      throw e;
    }
  }

  /** Neither waits for the other end of a pipe nor becomes the terminal's owner. */
  private static int openRegular(Path link) throws IOException {
    try {
      return LibC.open(
          LibC.nativePath(link), LibC.O_RDONLY | LibC.O_CLOEXEC | LibC.O_NONBLOCK | LibC.O_NOCTTY);
    } catch (LastErrorException e) {
      int error = e.getErrorCode();
      IOException thrown =
          error == LibC.EACCES || error == LibC.EPERM
              ? new AccessDeniedException(link.toString())
              : error == LibC.ENOENT
                  ? new NoSuchFileException(link.toString())
                  : new IOException(link + ": " + e.getMessage());
      thrown.initCause(e);
      throw thrown;
    }
  }

  public FileId id() {
    return id;
  }

  /** Bytes, now. */
  public long size() throws IOException {
    return channel.size();
  }

  /** Whether it is made of huge pages: Linux tells no holes of it. */
  public boolean hasHugePages() throws IOException {
    byte[] reply = new byte[STATFS_BYTES];
    try {
      LibC.fstatfs(descriptor, reply);
    } catch (LastErrorException e) {
      throw new IOException("fstatfs: " + e.getMessage(), e);
    }
    return ByteBuffer.wrap(reply).order(ByteOrder.nativeOrder()).getLong() == HUGETLBFS;
  }

  /**
   * Whether it can be mapped without risk. Reading a mapping behind the end of a file that was cut
   * may end this program, so it must be sealed against that, as QEMU seals its memory files; and
   * touching a hole of huge pages would take one from the pool.
   */
  public boolean isSafeToMap() throws IOException {
    return (seals() & LibC.F_SEAL_SHRINK) != 0 && !hasHugePages();
  }

  private int seals() {
    try {
      return LibC.fcntl(descriptor, LibC.F_GET_SEALS);
    } catch (LastErrorException e) {
      return 0; // It is a file that cannot be sealed.
    }
  }

  /**
   * What is no hole between two offsets, ascending and disjoint.
   *
   * @param most if there are more extents, the last one has all the rest
   */
  public List<FileExtent> data(long from, long to, int most) throws IOException {
    try {
      return FileExtent.in(descriptor, from, to, most);
    } catch (LastErrorException e) {
      throw new IOException(
          "the holes of the file %s cannot be told: %s".formatted(id, e.getMessage()), e);
    }
  }

  /** Fills the target; holes are read as zeros and stay holes. */
  public void read(long offset, ByteBuffer target) throws IOException {
    long at = offset;
    while (target.hasRemaining()) {
      int read = channel.read(target, at);
      if (read < 0) {
        throw new IOException(
            "the file %s was cut to %d bytes; they were read up to offset %d"
                .formatted(id, size(), at));
      }
      at += read;
    }
  }

  /** Maps it for reading, from its start. */
  public SharedMapping map(long bytes) throws IOException {
    return SharedMapping.of(descriptor, bytes);
  }

  @Override
  public void close() throws IOException {
    LibC.close(descriptor);
    channel.close();
  }
}
