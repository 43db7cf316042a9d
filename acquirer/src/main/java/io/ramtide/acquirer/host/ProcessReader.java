package io.ramtide.acquirer.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the memory of another process through process_vm_readv(2). For one thread. */
public final class ProcessReader {
  /** Two pairs of address and length, 8 bytes each: where to, and where from. */
  private static final int IOVECS = 32;

  private final HostProcess process;
  private final ByteBuffer vectors =
      ByteBuffer.allocateDirect(IOVECS).order(ByteOrder.nativeOrder());
  private final long vectorsAddress = address(vectors);

  public ProcessReader(HostProcess process) {
    this.process = process;
  }

  /**
   * Reads into all the remaining bytes of a direct buffer.
   *
   * @param address host-virtual, in the process
   * @throws UnreadableMemoryException if something there cannot be read, with where
   * @throws ProcessGoneException if the process has ended
   * @throws AccessRefusedException if Linux does not allow it
   */
  public void read(long address, ByteBuffer target) throws IOException {
    if (!target.isDirect()) {
      throw new IllegalArgumentException("only a direct buffer has an address");
    }
    long base = address(target);
    long at = address;
    while (target.hasRemaining()) {
      vectors.putLong(0, base + target.position()).putLong(8, target.remaining());
      vectors.putLong(16, at).putLong(24, target.remaining());
      long read = call(at, target.remaining());
      if (read <= 0) {
        throw new UnreadableMemoryException(process.pid(), at, null);
      }
      target.position(target.position() + (int) read);
      at += read;
    }
  }

  private long call(long at, int bytes) throws IOException {
    try {
      return LibC.process_vm_readv(
          (int) process.pid(), vectorsAddress, 1, vectorsAddress + IOVECS / 2, 1, 0);
    } catch (LastErrorException e) {
      throw explain(e, at, bytes);
    }
  }

  private IOException explain(LastErrorException e, long at, int bytes) {
    return switch (e.getErrorCode()) {
      case LibC.ESRCH ->
          new ProcessGoneException("process %d has ended".formatted(process.pid()), e);
      case LibC.EPERM ->
          new AccessRefusedException(
              ("process_vm_readv of process %d was refused: it takes CAP_SYS_PTRACE, or the user it"
                      + " runs as while kernel.yama.ptrace_scope is 0 (3 refuses it to all)")
                  .formatted(process.pid()),
              e);
      case LibC.EFAULT -> new UnreadableMemoryException(process.pid(), at, e);
      default ->
          new IOException(
              "process_vm_readv of process %d, %d bytes at 0x%x: %s"
                  .formatted(process.pid(), bytes, at, e.getMessage()),
              e);
    };
  }

  private static long address(ByteBuffer direct) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }
}
