package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Arithmetic on frame boundaries and ranges. */
final class Frames {
  private static final long MASK = MemorySource.FRAME_BYTES - 1L;

  private Frames() {}

  static long down(long address) {
    return address & ~MASK;
  }

  static long up(long address) {
    return (address + MASK) & ~MASK;
  }

  /** Sorted, with what touches or overlaps joined. */
  static List<MemoryRange> merged(Collection<MemoryRange> ranges) {
    List<MemoryRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(MemoryRange::gpa));
    List<MemoryRange> merged = new ArrayList<>();
    for (MemoryRange range : sorted) {
      MemoryRange last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && range.gpa() <= last.end()) {
        merged.set(merged.size() - 1, between(last.gpa(), Math.max(last.end(), range.end())));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }

  static MemoryRange between(long start, long end) {
    return new MemoryRange(start, end - start);
  }
}
