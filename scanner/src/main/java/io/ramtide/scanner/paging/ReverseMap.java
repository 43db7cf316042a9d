package io.ramtide.scanner.paging;

import io.ramtide.scanner.memory.PhysicalMemory;
import java.util.Arrays;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * Kernel addresses of chosen frames, by one walk over the kernel half of the page tables. A frame
 * costs 20 bytes, and is looked up once however many large pages hold it.
 */
public final class ReverseMap {
  private static final long FRAME_MASK = -PhysicalMemory.FRAME_BYTES;
  private static final long NONE = 0;

  /** Ascending. */
  private final long[] frames;

  /** VA of each frame; 0, which is none of the kernel's, if no address was found. */
  private final long[] vas;

  /** The next frame, from each on, that may have no address yet. */
  private final int[] open;

  private int left;
  private boolean isWhole = true;

  /**
   * @param gpas any addresses in the frames in question
   * @param selfMapIndex root slot in which the tables map themselves, not walked; negative if none
   */
  public ReverseMap(PageTables tables, Collection<Long> gpas, int selfMapIndex) {
    this(tables, gpas.stream().mapToLong(Long::longValue), selfMapIndex);
  }

  /** The same of a stream of addresses. */
  public ReverseMap(PageTables tables, LongStream gpas, int selfMapIndex) {
    frames = gpas.map(gpa -> gpa & FRAME_MASK).sorted().distinct().toArray();
    vas = new long[frames.length];
    open = new int[frames.length + 1];
    Arrays.setAll(open, i -> i);
    left = frames.length;
    if (left > 0) {
      walk(tables, selfMapIndex);
    }
  }

  private void walk(PageTables tables, int selfMapIndex) {
    PagingMode mode = tables.mode();
    if (selfMapIndex < 0) {
      walk(tables, mode.kernelStart(), -1);
      return;
    }
    long span = mode.levels().get(0).span();
    long selfMap = mode.kernelStart() + (selfMapIndex - mode.levels().get(0).entries() / 2) * span;
    if (selfMap != mode.kernelStart()) {
      walk(tables, mode.kernelStart(), selfMap - 1);
    }
    if (selfMap + span != 0) {
      walk(tables, selfMap + span, -1);
    }
  }

  private void walk(PageTables tables, long first, long last) {
    boolean ended = MappingWalk.walk(tables, first, last, this::mapping);
    isWhole &= ended || left == 0;
  }

  private boolean mapping(long va, long gpa, long bytes) {
    for (int i = open(firstFrom(gpa)); i < frames.length && frames[i] < gpa + bytes; i = open(i)) {
      vas[i] = va + (frames[i] - gpa);
      open[i] = i + 1;
      left--;
    }
    return left > 0;
  }

  private int firstFrom(long gpa) {
    int at = Arrays.binarySearch(frames, gpa);
    return at < 0 ? -at - 1 : at;
  }

  private int open(int from) {
    int to = from;
    while (open[to] != to) {
      to = open[to];
    }
    // What was skipped now is skipped at once the next time.
    for (int i = from; open[i] != to && i != to; ) {
      int next = open[i];
      open[i] = to;
      i = next;
    }
    return to;
  }

  /** Whether all tables were walked that might have named a frame without address. */
  public boolean isWhole() {
    return isWhole;
  }

  /** The lowest kernel address that the tables give to {@code gpa}. */
  public OptionalLong va(long gpa) {
    int at = Arrays.binarySearch(frames, gpa & FRAME_MASK);
    return at < 0 || vas[at] == NONE
        ? OptionalLong.empty()
        : OptionalLong.of(vas[at] | (gpa & ~FRAME_MASK));
  }
}
