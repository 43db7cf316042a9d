package io.ramtide.testkit.ram;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Gives out frames scattered over RAM, reproducibly by the random source's seed. */
public final class FrameAllocator {

  /** Below this address only chosen frames are used: firmware, start-up code, page table root. */
  private static final long FIRST = 0x200000;

  private static final int KEEP_FREED = 256;

  private final WritableRam ram;
  private final List<RamRange> ranges;
  private final Random random;
  private final BitSet used = new BitSet();
  private final Deque<Long> freed = new ArrayDeque<>();

  public FrameAllocator(WritableRam ram, Random random) {
    this.ram = ram;
    this.random = random;
    ranges = ram.ranges().stream().filter(range -> range.end() > FIRST).toList();
  }

  /** A free frame's guest-physical address; the frame is zero. */
  public long allocate() {
    if (freed.size() > KEEP_FREED) {
      long gpa = freed.remove();
      ram.clearFrame(gpa);
      return gpa;
    }
    for (int attempt = 0; attempt < 1000; attempt++) {
      RamRange range = ranges.get(random.nextInt(ranges.size()));
      long first = Math.max(range.start(), FIRST) >>> 12;
      long number = first + (long) (random.nextDouble() * ((range.end() >>> 12) - first));
      if (!used.get((int) number)) {
        used.set((int) number);
        ram.clearFrame(number << 12);
        return number << 12;
      }
    }
    throw new IllegalStateException("the guest's RAM is full: give it more");
  }

  /** Takes given frames, which must be free. */
  public void reserve(long gpa, long length) {
    int first = (int) (gpa >>> 12);
    int end = (int) ((gpa + length + WritableRam.FRAME - 1) >>> 12);
    if (used.nextSetBit(first) >= 0 && used.nextSetBit(first) < end) {
      throw new IllegalStateException("frames at %#x are in use".formatted(gpa));
    }
    used.set(first, end);
  }

  /** Gives a frame back. Its content stays until somebody else gets it, which is not soon. */
  public void free(long gpa) {
    freed.add(gpa);
  }
}
