package io.ramtide.scanner.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads single frames and little-endian values, and remembers where the frames of the last reads
 * are (2 MiB of heap at most, where the memory is mapped): decoders come back to the same page
 * tables and structures again and again. The memory must not change meanwhile. Not thread-safe.
 */
public final class FrameReader {
  private static final int SLOTS = 1 << 14;
  private static final int OFFSET_MASK = PhysicalMemory.FRAME_BYTES - 1;

  private final PhysicalMemory memory;
  private final long[] cachedGpa = new long[SLOTS];

  /** Empty for a frame that cannot be read. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private final Optional<ByteBuffer>[] frames = new Optional[SLOTS];

  public FrameReader(PhysicalMemory memory) {
    this.memory = memory;
    Arrays.fill(cachedGpa, -1);
  }

  public PhysicalMemory memory() {
    return memory;
  }

  /**
   * The whole frame that holds {@code gpa}, little-endian, for absolute reads before the next call;
   * empty if it cannot be read.
   */
  public Optional<ByteBuffer> frame(long gpa) {
    long frame = gpa & ~OFFSET_MASK;
    int slot = (int) ((frame >>> 12) ^ (frame >>> 26)) & (SLOTS - 1);
    if (cachedGpa[slot] != frame) {
      frames[slot] = memory.frame(frame);
      cachedGpa[slot] = frame;
    }
    return frames[slot];
  }

  /** The eight bytes at {@code gpa}, which must not cross a frame; empty if unreadable. */
  public OptionalLong qword(long gpa) {
    Optional<ByteBuffer> frame = frame(gpa);
    return frame.isPresent()
        ? OptionalLong.of(frame.get().getLong((int) gpa & OFFSET_MASK))
        : OptionalLong.empty();
  }

  /** Copies up to {@code length} bytes; fewer where a frame begins that cannot be read. */
  public int read(long gpa, byte[] target, int offset, int length) {
    int done = 0;
    while (done < length) {
      int inFrame = (int) (gpa + done) & OFFSET_MASK;
      int part = Math.min(length - done, PhysicalMemory.FRAME_BYTES - inFrame);
      Optional<ByteBuffer> frame = frame(gpa + done);
      if (frame.isEmpty()) {
        break;
      }
      frame.get().get(inFrame, target, offset + done, part);
      done += part;
    }
    return done;
  }
}
