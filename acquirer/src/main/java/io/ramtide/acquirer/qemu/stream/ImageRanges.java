package io.ramtide.acquirer.qemu.stream;

import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.RamRegion;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which RAM an image holds.
 *
 * @param data may be non-zero
 * @param missing was never seen
 */
record ImageRanges(List<MemoryRange> data, List<MemoryRange> missing) {
  private static final int FRAME = MemorySource.FRAME_BYTES;

  /** The guest decides which of its pages are zero, so it must not decide how long a list gets. */
  static final int MAX_RANGES = 1 << 16;

  /** The entry of {@link PageIndex} for an address. */
  interface Entries {
    long at(RamRegion region, long gpa);
  }

  static ImageRanges of(GuestLayout layout, Entries entries) throws IOException {
    // Zero pages between data cost only time: gaps that are worth a range grow until all fit.
    for (long gap = 0; ; gap = Math.max(FRAME, 2 * gap)) {
      Collector data = new Collector(gap);
      Collector missing = new Collector(0);
      boolean fits = true;
      for (RamRegion region : layout.regions()) {
        MemoryRange range = region.range();
        for (long gpa = range.gpa(); fits && gpa < range.end(); gpa += FRAME) {
          long entry = entries.at(region, gpa);
          if (entry == PageIndex.NOT_SEEN) {
            if (!missing.add(gpa)) {
              throw new IOException(
                  "the stream could not be read: it leaves out RAM in more than %d places"
                      .formatted(MAX_RANGES));
            }
            data.interrupt();
          } else if (entry != PageIndex.ZERO) {
            fits = data.add(gpa);
          }
        }
        data.interrupt();
        missing.interrupt();
      }
      if (fits) {
        return new ImageRanges(List.copyOf(data.ranges), List.copyOf(missing.ranges));
      }
    }
  }

  /** Joins addresses that ascend. */
  private static final class Collector {
    final List<MemoryRange> ranges = new ArrayList<>();
    private final long gap;
    private boolean open;

    Collector(long gap) {
      this.gap = gap;
    }

    /** Whether the list is still short enough. */
    boolean add(long gpa) {
      if (open) {
        MemoryRange last = ranges.get(ranges.size() - 1);
        if (gpa - last.end() <= gap) {
          ranges.set(ranges.size() - 1, new MemoryRange(last.gpa(), gpa + FRAME - last.gpa()));
          return true;
        }
      }
      open = true;
      ranges.add(new MemoryRange(gpa, FRAME));
      return ranges.size() <= MAX_RANGES;
    }

    void interrupt() {
      open = false;
    }
  }
}
