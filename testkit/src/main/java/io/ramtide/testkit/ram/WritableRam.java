package io.ramtide.testkit.ram;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * RAM of a machine that is being built or runs. All addresses are guest-physical, all numbers
 * little-endian. Frames that were never written take no memory, and a frame that did not change
 * since the last {@link #snapshot()} is shared with it.
 */
public final class WritableRam {

  /** Bytes in a frame. */
  public static final int FRAME = 4096;

  private static final int CHUNK = 512;

  private static final class Frame {
    ByteBuffer bytes = ByteBuffer.allocate(FRAME).order(ByteOrder.LITTLE_ENDIAN);
    boolean shared;
  }

  private final List<RamRange> ranges;
  private final Frame[][] chunks; // of CHUNK frames each, null where nothing was written
  private List<RamWrite> writes; // null while nobody asks for them

  public WritableRam(List<RamRange> ranges) {
    this.ranges = List.copyOf(ranges);
    long end = this.ranges.get(this.ranges.size() - 1).end();
    chunks = new Frame[(int) (end / FRAME / CHUNK) + 1][];
  }

  /** The ranges that are RAM, by ascending address, without overlap. */
  public List<RamRange> ranges() {
    return ranges;
  }

  /** What was written since the last call, in that order; nothing the first time. */
  public List<RamWrite> takeWrites() {
    List<RamWrite> taken = writes == null ? List.of() : writes;
    writes = new ArrayList<>();
    return taken;
  }

  private void note(long gpa, int length) {
    if (writes != null) {
      writes.add(new RamWrite(gpa, get(gpa, length)));
    }
  }

  /** What the RAM holds now; later writes do not show in it. */
  public GuestRam snapshot() {
    List<Long> numbers = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    for (int i = 0; i < chunks.length; i++) {
      for (int j = 0; chunks[i] != null && j < CHUNK; j++) {
        Frame frame = chunks[i][j];
        if (frame != null && !frame.shared && GuestRam.isZero(frame.bytes.array())) {
          chunks[i][j] = null;
        } else if (frame != null) {
          frame.shared = true;
          numbers.add((long) i * CHUNK + j);
          contents.add(frame.bytes.array());
        }
      }
    }
    return new GuestRam(
        ranges,
        numbers.stream().mapToLong(Long::longValue).toArray(),
        contents.toArray(byte[][]::new));
  }

  /** Makes the frame at an address zero. */
  public void clearFrame(long gpa) {
    requireRam(gpa);
    if (find(gpa) != null) {
      chunks[chunk(gpa)][slot(gpa)] = null;
      note(gpa & -FRAME, FRAME);
    }
  }

  public void put(long gpa, byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      int at = (int) (gpa + done) & (FRAME - 1);
      int count = Math.min(FRAME - at, bytes.length - done);
      forWrite(gpa + done).put(at, bytes, done, count);
      done += count;
    }
    note(gpa, bytes.length);
  }

  public void putByte(long gpa, int value) {
    forWrite(gpa).put((int) gpa & (FRAME - 1), (byte) value);
    note(gpa, Byte.BYTES);
  }

  /** Writes a 16-bit number inside a frame. */
  public void putShort(long gpa, int value) {
    forWrite(gpa).putShort((int) gpa & (FRAME - 1), (short) value);
    note(gpa, Short.BYTES);
  }

  /** Writes a 32-bit number inside a frame. */
  public void putInt(long gpa, int value) {
    forWrite(gpa).putInt((int) gpa & (FRAME - 1), value);
    note(gpa, Integer.BYTES);
  }

  /** Writes a 64-bit number inside a frame. */
  public void putLong(long gpa, long value) {
    forWrite(gpa).putLong((int) gpa & (FRAME - 1), value);
    note(gpa, Long.BYTES);
  }

  /** Reads a 64-bit number inside a frame. */
  public long getLong(long gpa) {
    requireRam(gpa);
    Frame frame = find(gpa);
    return frame == null ? 0 : frame.bytes.getLong((int) gpa & (FRAME - 1));
  }

  public byte[] get(long gpa, int length) {
    byte[] result = new byte[length];
    int done = 0;
    while (done < length) {
      requireRam(gpa + done);
      int at = (int) (gpa + done) & (FRAME - 1);
      int count = Math.min(FRAME - at, length - done);
      Frame frame = find(gpa + done);
      if (frame != null) {
        frame.bytes.get(at, result, done, count);
      }
      done += count;
    }
    return result;
  }

  private ByteBuffer forWrite(long gpa) {
    requireRam(gpa);
    Frame frame = find(gpa);
    if (frame == null) {
      if (chunks[chunk(gpa)] == null) {
        chunks[chunk(gpa)] = new Frame[CHUNK];
      }
      frame = new Frame();
      chunks[chunk(gpa)][slot(gpa)] = frame;
    }
    if (frame.shared) {
      frame.bytes = ByteBuffer.wrap(frame.bytes.array().clone()).order(ByteOrder.LITTLE_ENDIAN);
      frame.shared = false;
    }
    return frame.bytes;
  }

  private Frame find(long gpa) {
    Frame[] chunk = chunks[chunk(gpa)];
    return chunk == null ? null : chunk[slot(gpa)];
  }

  private static int chunk(long gpa) {
    return (int) (gpa / FRAME / CHUNK);
  }

  private static int slot(long gpa) {
    return (int) (gpa / FRAME % CHUNK);
  }

  private void requireRam(long gpa) {
    for (RamRange range : ranges) {
      if (range.contains(gpa)) {
        return;
      }
    }
    throw new IllegalArgumentException("%#x is not RAM of this guest".formatted(gpa));
  }
}
