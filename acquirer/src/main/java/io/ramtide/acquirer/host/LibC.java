package io.ramtide.acquirer.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;

/** The calls of the C library that Java has no counterpart for, and their numbers on Linux. */
final class LibC {
  static final int O_RDONLY = 0;
  static final int O_NOCTTY = 0x100;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  static final int SEEK_DATA = 3;
  static final int SEEK_HOLE = 4;

  static final int F_GET_SEALS = 1034;
  static final int F_SEAL_SHRINK = 2;

  static final int PROT_READ = 1;
  static final int PROT_WRITE = 2;
  static final int MAP_SHARED = 0x01;
  static final int MAP_PRIVATE = 0x02;
  static final int MAP_FIXED = 0x10;
  static final int MAP_ANONYMOUS = 0x20;
  static final int MAP_NORESERVE = 0x4000;
  static final int MADV_DONTNEED = 4;
  static final int MADV_DONTDUMP = 16;

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int ENXIO = 6;
  static final int EACCES = 13;
  static final int EFAULT = 14;

  static {
    Native.register(LibC.class, Platform.C_LIBRARY_NAME);
  }

  private LibC() {}

  static native int open(byte[] path, int flags) throws LastErrorException;

  static native long lseek(int file, long offset, int whence) throws LastErrorException;

  static native int close(int file) throws LastErrorException;

  /** For commands without a third argument. */
  static native int fcntl(int file, int command) throws LastErrorException;

  /** The first 8 bytes of the reply are the file system's magic number, in native byte order. */
  static native int fstatfs(int file, byte[] reply) throws LastErrorException;

  static native long mmap(
      long address, long length, int protection, int flags, int file, long offset)
      throws LastErrorException;

  static native int munmap(long address, long length) throws LastErrorException;

  static native int madvise(long address, long length, int advice) throws LastErrorException;

  /** Both vectors are addresses of pairs of address and length, 8 bytes each. */
  static native long process_vm_readv(
      int process, long local, long locals, long remote, long remotes, long flags)
      throws LastErrorException;

  static native NativeLong syscall(
      NativeLong number, NativeLong first, NativeLong second, NativeLong third)
      throws LastErrorException;

  static native int ioctl(int file, NativeLong request, long[] argument) throws LastErrorException;

  /** A path as open(2) takes it. */
  static byte[] nativePath(Path path) {
    String encoding = System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name());
    byte[] bytes = path.toAbsolutePath().toString().getBytes(Charset.forName(encoding));
    return Arrays.copyOf(bytes, bytes.length + 1);
  }
}
