package io.ramtide.scanner.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads single frames and little-endian values through a small cache (2 MiB), for walks that come
 * back to the same page tables again and again. Not thread-safe.
 */
public final class FrameReader {
  private static final int SLOTS = 512;
  private static final int OFFSET_MASK = PhysicalMemory.FRAME_BYTES - 1;

  private final PhysicalMemory memory;
  private final long[] cachedGpa = new long[SLOTS];
  private final boolean[] readable = new boolean[SLOTS];
  private final ByteBuffer[] frames = new ByteBuffer[SLOTS];

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
    int slot = (int) ((frame >>> 12) ^ (frame >>> 21)) & (SLOTS - 1);
    if (cachedGpa[slot] != frame) {
      load(frame, slot);
    }
    return readable[slot] ? Optional.of(frames[slot]) : Optional.empty();
  }

  private void load(long frame, int slot) {
    if (frames[slot] == null) {
      frames[slot] = ByteBuffer.allocate(PhysicalMemory.FRAME_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
    readable[slot] =
        memory.status(frame).isReadable()
            && memory.read(frame, frames[slot].array(), 0, PhysicalMemory.FRAME_BYTES)
                == PhysicalMemory.FRAME_BYTES;
    cachedGpa[slot] = frame;
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
