package io.ramtide.acquirer.live.memory;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.Ranges;
import java.util.ArrayList;
import java.util.List;

/**
 * Which frames the host holds memory for.
 *
 * @param data what is read, ascending and disjoint, each in one {@link RamPart}
 * @param unreadable RAM that is neither data nor surely zero
 */
record HeldFrames(List<MemoryRange> data, List<MemoryRange> unreadable, List<String> warnings) {
  /** More pieces than that in one part of RAM are read as one. */
  static final int MOST_PIECES = 1 << 18;

  HeldFrames {
    data = List.copyOf(data);
    unreadable = List.copyOf(unreadable);
    warnings = List.copyOf(warnings);
  }

  /**
   * Frames without memory on the host are zero, for nothing ever wrote them; but while a balloon is
   * inflated, they may be what the guest gave back.
   *
   * @param lost frames that cannot be read, not in the data
   */
  static HeldFrames of(
      GuestState state, List<MemoryRange> data, List<MemoryRange> lost, List<String> warnings) {
    List<String> told = new ArrayList<>(warnings);
    if (!lost.isEmpty()) {
      told.add(
          "%d frames cannot be read from the QEMU process, the first one at GPA 0x%x"
              .formatted(lost.size(), lost.get(0).gpa()));
    }
    state.balloon().warning().ifPresent(told::add);
    List<MemoryRange> unknown = state.balloon().unreadable(state.layout(), data);
    return new HeldFrames(data, unknown.isEmpty() ? Ranges.union(lost) : unknown, told);
  }
}
