package io.ramtide.acquirer.qemu;

import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.Ranges;
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
    return Ranges.union(regions.stream().map(RamRegion::range).toList());
  }
}
