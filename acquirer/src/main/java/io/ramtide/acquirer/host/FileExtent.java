package io.ramtide.acquirer.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * A part of a file that is no hole, found by lseek(2) with SEEK_DATA and SEEK_HOLE on 64-bit Linux.
 *
 * @param start offset of the first byte
 * @param end offset after the last byte
 */
public record FileExtent(long start, long end) {
  /** A file in more pieces is read as if it had no more holes. */
  private static final int MAX_EXTENTS = 1 << 20;

  /**
   * Those of a whole file, ascending and disjoint. Where the system does not tell them, the whole
   * file counts as data, which is slower but never wrong.
   *
   * @param size of the file, bytes
   */
  public static List<FileExtent> of(Path path, long size) {
    if (!Platform.isLinux() || !Platform.is64Bit()) {
      return List.of(new FileExtent(0, size));
    }
    try {
      int file = LibC.open(LibC.nativePath(path), LibC.O_RDONLY | LibC.O_CLOEXEC);
      try {
        return in(file, 0, size, MAX_EXTENTS);
      } finally {
        LibC.close(file);
      }
    } catch (LastErrorException | LinkageError e) {
      LoggerFactory.getLogger(FileExtent.class)
          .debug("{}: holes cannot be told, all of it is read", path, e);
      return List.of(new FileExtent(0, size));
    }
  }

  /** Those between two offsets; if there are more than so many, the last one has all the rest. */
  static List<FileExtent> in(int file, long from, long to, int most) throws LastErrorException {
    List<FileExtent> extents = new ArrayList<>();
    long hole = from;
    for (int piece = 1; hole < to; piece++) {
      long data = seekData(file, hole, to);
      if (data >= to) {
        break;
      }
      hole = piece >= most ? to : Math.min(to, LibC.lseek(file, data, LibC.SEEK_HOLE));
      if (hole > data) { // Not so if the hole was made between the two calls.
        extents.add(new FileExtent(data, hole));
      }
    }
    return extents;
  }

  private static long seekData(int file, long offset, long to) {
    try {
      return LibC.lseek(file, offset, LibC.SEEK_DATA);
    } catch (LastErrorException e) {
      if (e.getErrorCode() == LibC.ENXIO) {
        return to; // Nothing but a hole up to the end.
      }
      throw e;
    }
  }
}
