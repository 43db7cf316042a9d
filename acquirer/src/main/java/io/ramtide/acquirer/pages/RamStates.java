package io.ramtide.acquirer.pages;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.FrameState;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What every frame of RAM was in the last capture: 8 bytes a frame, none where all is zero. Frames
 * are known by their ordinal in RAM, so holes cost nothing. A capture that fails leaves it in
 * between two captures: throw it away then.
 */
public final class RamStates {
  private static final long ZERO = 0;
  private static final long UNREADABLE = 1;
  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(FRAME).asReadOnlyBuffer();
  private static final int BLOCK = 4096;
  private static final long[] UNREADABLE_BLOCK = new long[BLOCK];

  static {
    Arrays.fill(UNREADABLE_BLOCK, UNREADABLE);
  }

  /** Hears the states of consecutive frames. */
  @FunctionalInterface
  interface Runs {
    void add(FrameState state, long frames) throws SinkException;
  }

  private final List<MemoryRange> ram;
  private final boolean remembers;
  private final PageHash hash = new PageHash();
  private final TreeMap<Long, long[]> blocks = new TreeMap<>();
  private boolean fresh = true;
  private long cachedBlock = -1;
  private long[] cached;

  /** Nothing is known yet: the first pass is a keyframe. */
  public RamStates(List<MemoryRange> ram) {
    this(ram, true);
  }

  private RamStates(List<MemoryRange> ram, boolean remembers) {
    this.ram = List.copyOf(ram);
    this.remembers = remembers;
  }

  /** For a keyframe that no delta will follow: pages are not hashed. */
  public static RamStates forgetful(List<MemoryRange> ram) {
    return new RamStates(ram, false);
  }

  /** The layout these states belong to. */
  public List<MemoryRange> ram() {
    return ram;
  }

  /** How many frames RAM has. */
  public long frames() {
    return ram.stream().mapToLong(MemoryRange::length).sum() / FRAME;
  }

  /** Whether nothing is known of a capture before. */
  public boolean isFresh() {
    return fresh;
  }

  /** The pass is complete: the next one can be a delta. */
  void passed() {
    fresh = !remembers;
  }

  /** Whether the page is as it was in the capture before; it is only looked at, in one pass. */
  boolean isUnchanged(long ordinal, ByteBuffer bytes, int offset) {
    long before = state(ordinal);
    if (before == ZERO) {
      return bytes.slice(offset, FRAME).mismatch(ZEROS) < 0;
    }
    return before != UNREADABLE && stateOf(bytes, offset) == before;
  }

  /** Whether the frame could be read in the capture before. */
  boolean wasReadable(long ordinal) {
    return state(ordinal) != UNREADABLE;
  }

  /**
   * Takes a page that will not change any more.
   *
   * @param told even if it is as before
   */
  FrameState page(long ordinal, ByteBuffer bytes, int offset, boolean told) {
    if (bytes.slice(offset, FRAME).mismatch(ZEROS) < 0) {
      return zero(ordinal, told);
    }
    boolean changed = !remembers || set(ordinal, stateOf(bytes, offset));
    return changed || told ? FrameState.DATA : FrameState.UNCHANGED;
  }

  private FrameState zero(long ordinal, boolean told) {
    return set(ordinal, ZERO) || told ? FrameState.ZERO : FrameState.UNCHANGED;
  }

  private long stateOf(ByteBuffer bytes, int offset) {
    long state = hash.of(bytes, offset);
    return state == ZERO || state == UNREADABLE ? state + 2 : state; // Two of 2^64 are taken.
  }

  /**
   * Takes a span of zeros, in time proportional to what was not zero before.
   *
   * @param told even where it was zero before
   */
  void zeros(long ordinal, long frames, boolean told, Runs runs) throws SinkException {
    long end = ordinal + frames;
    long at = ordinal;
    while (at < end) {
      Map.Entry<Long, long[]> known = blocks.ceilingEntry(at / BLOCK);
      long next = known == null ? end : Math.min(end, Math.max(at, known.getKey() * BLOCK));
      if (at < next) {
        runs.add(told ? FrameState.ZERO : FrameState.UNCHANGED, next - at);
        at = next;
      }
      for (long stop = Math.min(end, (at / BLOCK + 1) * BLOCK); at < stop; at++) {
        runs.add(zero(at, told), 1);
      }
      if (at % BLOCK == 0 && at - ordinal >= BLOCK) {
        put(at / BLOCK - 1, null);
      }
    }
  }

  /** Takes a span that could not be read: said in every capture, so that nobody has to remember. */
  void unreadable(long ordinal, long frames, Runs runs) throws SinkException {
    long end = ordinal + frames;
    long at = ordinal;
    while (at < end) {
      if (at % BLOCK == 0 && end - at >= BLOCK) {
        put(at / BLOCK, UNREADABLE_BLOCK);
        at += BLOCK;
      } else {
        set(at++, UNREADABLE);
      }
    }
    runs.add(FrameState.UNREADABLE, frames);
  }

  /** Whether the state is another one than before. */
  private boolean set(long ordinal, long state) {
    if (state(ordinal) == state) {
      return false;
    }
    long number = ordinal / BLOCK;
    long[] block = get(number);
    if (block == null || block == UNREADABLE_BLOCK) {
      block = block == null ? new long[BLOCK] : UNREADABLE_BLOCK.clone();
      put(number, block);
    }
    block[(int) (ordinal % BLOCK)] = state;
    return true;
  }

  private long state(long ordinal) {
    long[] block = get(ordinal / BLOCK);
    return block == null ? ZERO : block[(int) (ordinal % BLOCK)];
  }

  private long[] get(long number) {
    if (number != cachedBlock) {
      cachedBlock = number;
      cached = blocks.get(number);
    }
    return cached;
  }

  private void put(long number, long[] block) {
    cachedBlock = number;
    cached = block;
    if (block == null) {
      blocks.remove(number);
    } else {
      blocks.put(number, block);
    }
  }
}
