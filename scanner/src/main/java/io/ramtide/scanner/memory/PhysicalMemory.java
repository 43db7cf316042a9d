package io.ramtide.scanner.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * A guest's physical memory at one moment, as far as it was captured. Addresses are guest-physical
 * (GPA), in bytes; frames are 4 KiB.
 */
public interface PhysicalMemory {
  int FRAME_BYTES = 4096;

  /** RAM, ascending and disjoint, whole frames. What is outside is a hole or MMIO. */
  List<PhysicalRange> ram();

  /** CR3 of the guest's processors, where whoever read the memory knew them: hints, not truth. */
  default List<Long> cr3s() {
    return List.of();
  }

  /** The memory itself, where this one only adds to it what is known besides. */
  default PhysicalMemory underlying() {
    return this;
  }

  /** What is known of the frame that holds this address. */
  FrameStatus status(long gpa);

  /**
   * Copies up to {@code length} bytes from {@code gpa} on and returns how many: fewer where a frame
   * begins that is not {@link FrameStatus#isReadable() readable}. Zero frames read as zeros.
   */
  int read(long gpa, byte[] target, int offset, int length);

  /**
   * The frame at {@code gpa}, a multiple of 4096, for absolute reads: little-endian, 4096 bytes
   * from position 0 on, without copying where the memory is mapped; valid until the memory is
   * changed or closed. Empty if it is not {@link FrameStatus#isReadable() readable}.
   */
  default Optional<ByteBuffer> frame(long gpa) {
    if (status(gpa) == FrameStatus.ZERO) {
      return ZeroFrame.BYTES;
    }
    byte[] bytes = new byte[FRAME_BYTES];
    return status(gpa).isReadable() && read(gpa, bytes, 0, FRAME_BYTES) == FRAME_BYTES
        ? Optional.of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))
        : Optional.empty();
  }

  /**
   * Visits every frame that may hold non-zero bytes, ascending, in blocks of whole consecutive
   * frames, without copying.
   *
   * @return whether the visitor saw everything, that is, never answered false
   */
  boolean scan(BlockVisitor visitor);

  /** Sees a block of memory. */
  @FunctionalInterface
  interface BlockVisitor {
    /**
     * Sees one block.
     *
     * @param gpa of the block's first byte
     * @param block little-endian, position 0, limit a multiple of 4096; valid only during the call
     * @return whether to go on
     */
    boolean block(long gpa, ByteBuffer block);
  }
}
