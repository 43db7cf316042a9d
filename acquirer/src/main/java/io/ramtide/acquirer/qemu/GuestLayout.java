package io.ramtide.acquirer.qemu;

import io.ramtide.acquirer.source.MemoryRange;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a guest's RAM is.
 *
 * @param regions ascending and disjoint
 */
public record GuestLayout(List<RamRegion> regions) {
  public GuestLayout {
    regions = List.copyOf(regions);
  }

  /** RAM, regions that touch as one range, as {@code MemorySource.ram} tells it. */
  public List<MemoryRange> ram() {
    List<MemoryRange> ram = new ArrayList<>();
    for (RamRegion region : regions) {
      MemoryRange range = region.range();
      MemoryRange last = ram.isEmpty() ? null : ram.get(ram.size() - 1);
      if (last != null && last.end() == range.gpa()) {
        ram.set(ram.size() - 1, new MemoryRange(last.gpa(), last.length() + range.length()));
      } else {
        ram.add(range);
      }
    }
    return List.copyOf(ram);
  }
}
