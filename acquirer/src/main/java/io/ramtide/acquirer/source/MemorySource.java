package io.ramtide.acquirer.source;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A guest's RAM, readable from outside the guest. Addresses are guest-physical (GPA), in bytes;
 * frames are 4 KiB.
 */
public interface MemorySource extends Closeable {
  int FRAME_BYTES = 4096;

  /** How the bytes are read and where they come from. */
  SourceDescription description();

  /** RAM, ascending and disjoint, whole frames. What is outside is a hole or MMIO. */
  List<MemoryRange> ram();

  /**
   * The parts of RAM that the source holds and that may be non-zero, ascending and disjoint, whole
   * frames. RAM outside of them is zero, unless {@link #unreadable()} has it.
   */
  List<MemoryRange> data();

  /** CR3 of the guest's processors, if the source knows them; in no particular order. */
  default List<Long> cr3s() {
    return List.of();
  }

  /** The parts of RAM that the source does not hold, e.g. behind the end of a truncated dump. */
  List<MemoryRange> unreadable();

  /**
   * Reads into all the target's remaining bytes; they lie in one range of {@link #data()}.
   *
   * @throws IOException if the source fails, with what, where and what to do
   */
  void read(long gpa, ByteBuffer target) throws IOException;

  /**
   * The bytes themselves, without copying: a little-endian view, read-only, valid until close.
   * Reading from the view of a file that something truncates raises {@link InternalError}, perhaps
   * only some steps later.
   *
   * @param length in one range of {@link #data()}
   * @throws IOException if the source fails, with what, where and what to do
   */
  ByteBuffer view(long gpa, int length) throws IOException;
}
