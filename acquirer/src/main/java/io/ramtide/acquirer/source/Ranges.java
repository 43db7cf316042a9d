package io.ramtide.acquirer.source;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Sets of guest-physical bytes as lists of ranges. Every result is ascending and disjoint. */
public final class Ranges {
  private static final long FRAME_MASK = MemorySource.FRAME_BYTES - 1L;

  private Ranges() {}

  /** The ranges in order, with what touches or overlaps joined. */
  public static List<MemoryRange> union(Collection<MemoryRange> ranges) {
    List<MemoryRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(MemoryRange::gpa));
    List<MemoryRange> union = new ArrayList<>();
    for (MemoryRange range : sorted) {
      MemoryRange last = union.isEmpty() ? null : union.get(union.size() - 1);
      if (last != null && range.gpa() <= last.end()) {
        union.set(union.size() - 1, between(last.gpa(), Math.max(last.end(), range.end())));
      } else {
        union.add(range);
      }
    }
    return List.copyOf(union);
  }

  /** What is in the first but not in the second. */
  public static List<MemoryRange> minus(
      Collection<MemoryRange> ranges, Collection<MemoryRange> without) {
    List<MemoryRange> gaps = union(without);
    List<MemoryRange> left = new ArrayList<>();
    int next = 0;
    for (MemoryRange range : union(ranges)) {
      long at = range.gpa();
      while (next < gaps.size() && gaps.get(next).end() <= at) {
        next++;
      }
      for (int i = next; i < gaps.size() && gaps.get(i).gpa() < range.end(); i++) {
        add(left, at, gaps.get(i).gpa());
        at = gaps.get(i).end();
      }
      add(left, at, range.end());
    }
    return List.copyOf(left);
  }

  /** What is in both. */
  public static List<MemoryRange> intersection(
      Collection<MemoryRange> ranges, Collection<MemoryRange> others) {
    return minus(ranges, minus(ranges, others));
  }

  /** The frames that lie wholly in one of the ranges. */
  public static List<MemoryRange> wholeFrames(Collection<MemoryRange> ranges) {
    List<MemoryRange> frames = new ArrayList<>();
    for (MemoryRange range : union(ranges)) {
      add(frames, (range.gpa() + FRAME_MASK) & ~FRAME_MASK, range.end() & ~FRAME_MASK);
    }
    return List.copyOf(frames);
  }

  /** Their sum in bytes; the ranges are disjoint. */
  public static long bytes(Collection<MemoryRange> ranges) {
    return ranges.stream().mapToLong(MemoryRange::length).sum();
  }

  /** From one address up to, but not including, another. */
  public static MemoryRange between(long start, long end) {
    return new MemoryRange(start, end - start);
  }

  private static void add(List<MemoryRange> ranges, long start, long end) {
    if (start < end) {
      ranges.add(between(start, end));
    }
  }
}
