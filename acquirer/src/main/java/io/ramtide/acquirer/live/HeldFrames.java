package io.ramtide.acquirer.live;

import io.ramtide.acquirer.source.MemoryRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which frames the host holds memory for.
 *
 * @param data what is read, ascending and disjoint, each in one {@link RamPart}
 * @param unreadable RAM of which nobody can say whether it is zero
 */
record HeldFrames(List<MemoryRange> data, List<MemoryRange> unreadable, List<String> warnings) {
  /** More pieces than that in one part of RAM are read as one. */
  static final int MOST_PIECES = 1 << 18;

  /**
   * Frames without memory on the host are zero, for nothing ever wrote them; but while a balloon is
   * inflated, they may be what the guest gave back.
   */
  static HeldFrames of(GuestState state, List<MemoryRange> data, List<String> warnings) {
    long ballooned = state.ballooned();
    if (ballooned == 0) {
      return new HeldFrames(List.copyOf(data), List.of(), List.copyOf(warnings));
    }
    List<String> told = new ArrayList<>(warnings);
    told.add(
        ("the balloon holds %d MiB of the guest's RAM: frames without memory on the host count as"
                + " unreadable, not as zero")
            .formatted(ballooned >> 20));
    return new HeldFrames(
        List.copyOf(data), without(state.layout().ram(), data), List.copyOf(told));
  }

  /** The same, with frames told as unreadable that are not data. */
  HeldFrames withUnreadable(List<MemoryRange> more) {
    List<MemoryRange> all = new ArrayList<>(without(more, unreadable));
    all.addAll(unreadable);
    all.sort(Comparator.comparingLong(MemoryRange::gpa));
    return new HeldFrames(data, List.copyOf(all), warnings);
  }

  /** What is in the first ones and not in the others; both ascending and disjoint. */
  static List<MemoryRange> without(List<MemoryRange> ranges, List<MemoryRange> others) {
    List<MemoryRange> left = new ArrayList<>();
    int next = 0;
    for (MemoryRange range : ranges) {
      long at = range.gpa();
      while (next < others.size() && others.get(next).gpa() < range.end()) {
        MemoryRange other = others.get(next);
        if (other.gpa() > at) {
          left.add(new MemoryRange(at, other.gpa() - at));
        }
        at = Math.max(at, other.end());
        if (other.end() > range.end()) {
          break;
        }
        next++;
      }
      if (at < range.end()) {
        left.add(new MemoryRange(at, range.end() - at));
      }
    }
    return List.copyOf(left);
  }
}
