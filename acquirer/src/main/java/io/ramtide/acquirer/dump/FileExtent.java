package io.ramtide.acquirer.dump;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * A part of a file that is no hole, found by lseek(2) with SEEK_DATA and SEEK_HOLE on 64-bit Linux.
 * Elsewhere, and when that fails, the whole file counts as data, which is slower but never wrong.
 *
 * @param start offset of the first byte
 * @param end offset after the last byte
 */
record FileExtent(long start, long end) {
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int ENXIO = 6;

  /** A file in more pieces is read as if it had no more holes. */
  private static final int MAX_EXTENTS = 1 << 20;

  /** Ascending and disjoint. */
  static List<FileExtent> of(Path path, long size) {
    if (!Platform.isLinux() || !Platform.is64Bit()) {
      return all(size);
    }
    try {
      return seek(path, size);
    } catch (LastErrorException | LinkageError e) {
      LoggerFactory.getLogger(FileExtent.class)
          .debug("{}: holes cannot be told, all of it is read", path, e);
      return all(size);
    }
  }

  private static List<FileExtent> all(long size) {
    return List.of(new FileExtent(0, size));
  }

  private static List<FileExtent> seek(Path path, long size) {
    int file = LibC.open(nativePath(path), O_RDONLY_CLOEXEC);
    try {
      List<FileExtent> extents = new ArrayList<>();
      long hole = 0;
      while (hole < size) {
        long data = seekData(file, hole, size);
        if (data >= size) {
          break;
        }
        hole =
            extents.size() == MAX_EXTENTS
                ? size
                : Math.min(size, LibC.lseek(file, data, SEEK_HOLE));
        extents.add(new FileExtent(data, hole));
      }
      return extents;
    } finally {
      LibC.close(file);
    }
  }

  private static long seekData(int file, long offset, long size) {
    try {
      return LibC.lseek(file, offset, SEEK_DATA);
    } catch (LastErrorException e) {
      if (e.getErrorCode() == ENXIO) {
        return size; // Nothing but a hole up to the end.
      }
      throw e;
    }
  }

  private static byte[] nativePath(Path path) {
    String encoding = System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name());
    byte[] bytes = path.toAbsolutePath().toString().getBytes(Charset.forName(encoding));
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** The three calls of the C library that Java has no counterpart for. */
  private static final class LibC {
    static {
      Native.register(LibC.class, Platform.C_LIBRARY_NAME);
    }

    static native int open(byte[] path, int flags) throws LastErrorException;

    static native long lseek(int file, long offset, int whence) throws LastErrorException;

    static native int close(int file) throws LastErrorException;
  }
}
