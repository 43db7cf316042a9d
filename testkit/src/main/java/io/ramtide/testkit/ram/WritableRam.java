package io.ramtide.testkit.ram;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.TreeMap;

/**
 * RAM of a machine that is being built or runs. All addresses are guest-physical, all numbers
 * little-endian. Frames that were never written take no memory, and a frame that did not change
 * since the last {@link #snapshot()} is shared with it.
 */
public final class WritableRam {

  /** Bytes in a frame. */
  public static final int FRAME = 4096;

  private static final class Frame {
    ByteBuffer bytes = ByteBuffer.allocate(FRAME).order(ByteOrder.LITTLE_ENDIAN);
    boolean shared;
  }

  private final List<RamRange> ranges;
  private final TreeMap<Long, Frame> frames = new TreeMap<>();

  public WritableRam(List<RamRange> ranges) {
    this.ranges = List.copyOf(ranges);
  }

  /** The ranges that are RAM, by ascending address, without overlap. */
  public List<RamRange> ranges() {
    return ranges;
  }

  /** What the RAM holds now; later writes do not show in it. */
  public GuestRam snapshot() {
    frames.values().removeIf(frame -> !frame.shared && GuestRam.isZero(frame.bytes.array()));
    long[] numbers = new long[frames.size()];
    byte[][] contents = new byte[frames.size()][];
    int i = 0;
    for (var entry : frames.entrySet()) {
      entry.getValue().shared = true;
      numbers[i] = entry.getKey();
      contents[i++] = entry.getValue().bytes.array();
    }
    return new GuestRam(ranges, numbers, contents);
  }

  /** Makes the frame at an address zero. */
  public void clearFrame(long gpa) {
    requireRam(gpa);
    frames.remove(gpa >>> 12);
  }

  public void put(long gpa, byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      int at = (int) (gpa + done) & (FRAME - 1);
      int count = Math.min(FRAME - at, bytes.length - done);
      forWrite(gpa + done).put(at, bytes, done, count);
      done += count;
    }
  }

  public void putByte(long gpa, int value) {
    forWrite(gpa).put((int) gpa & (FRAME - 1), (byte) value);
  }

  /** Writes a 64-bit number; the address must be a multiple of 8. */
  public void putLong(long gpa, long value) {
    forWrite(gpa).putLong((int) gpa & (FRAME - 1), value);
  }

  /** Reads a 64-bit number; the address must be a multiple of 8. */
  public long getLong(long gpa) {
    Frame frame = frames.get(gpa >>> 12);
    requireRam(gpa);
    return frame == null ? 0 : frame.bytes.getLong((int) gpa & (FRAME - 1));
  }

  public byte[] get(long gpa, int length) {
    byte[] result = new byte[length];
    int done = 0;
    while (done < length) {
      requireRam(gpa + done);
      int at = (int) (gpa + done) & (FRAME - 1);
      int count = Math.min(FRAME - at, length - done);
      Frame frame = frames.get((gpa + done) >>> 12);
      if (frame != null) {
        frame.bytes.get(at, result, done, count);
      }
      done += count;
    }
    return result;
  }

  private ByteBuffer forWrite(long gpa) {
    requireRam(gpa);
    Frame frame = frames.computeIfAbsent(gpa >>> 12, n -> new Frame());
    if (frame.shared) {
      frame.bytes = ByteBuffer.wrap(frame.bytes.array().clone()).order(ByteOrder.LITTLE_ENDIAN);
      frame.shared = false;
    }
    return frame.bytes;
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
