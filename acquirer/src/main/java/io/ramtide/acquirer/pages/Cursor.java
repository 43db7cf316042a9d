package io.ramtide.acquirer.pages;

import io.ramtide.acquirer.source.MemoryRange;
import java.util.List;

/** Walks through ascending ranges together with the addresses. */
final class Cursor {
  private final List<MemoryRange> ranges;
  private int next;
  private boolean inside;

  Cursor(List<MemoryRange> ranges) {
    this.ranges = ranges;
  }

  /** Whether the address, not below the one before it, is in a range. */
  boolean covers(long gpa) {
    while (next < ranges.size() && ranges.get(next).end() <= gpa) {
      next++;
    }
    inside = next < ranges.size() && ranges.get(next).gpa() <= gpa;
    return inside;
  }

  /** Where the next range ends or begins, after the address that was asked about last. */
  long boundary() {
    if (next == ranges.size()) {
      return Long.MAX_VALUE;
    }
    return inside ? ranges.get(next).end() : ranges.get(next).gpa();
  }
}
