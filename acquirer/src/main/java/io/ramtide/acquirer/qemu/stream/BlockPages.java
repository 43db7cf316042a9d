package io.ramtide.acquirer.qemu.stream;

import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.RamRegion;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pages that are wanted: for each block that the layout shows, those up to the last that it
 * shows, numbered through all blocks.
 */
final class BlockPages {
  private static final int FRAME = MemorySource.FRAME_BYTES;

  /** Blocks of devices and firmware, the largest of them video memory. */
  private static final long MAX_DEVICE_BYTES = 4L << 30;

  /**
   * A block of the stream.
   *
   * @param pages of it in all
   * @param first number of its first wanted page
   * @param wanted how many of its pages have numbers, from its first one on
   */
  record Block(String name, long pages, long first, long wanted) {}

  private final Map<String, Block> blocks = new HashMap<>();
  private long wanted;
  private long pages;

  private BlockPages() {}

  static BlockPages of(GuestLayout layout, List<RamBlock> listed) throws IOException {
    Map<String, Long> ends = new HashMap<>();
    for (RamRegion region : layout.regions()) {
      ends.merge(region.block(), region.blockOffset() + region.range().length(), Math::max);
    }
    BlockPages all = new BlockPages();
    for (RamBlock block : listed) {
      Long end = ends.remove(block.name());
      if (end != null && end > block.bytes()) {
        throw new IOException(
            "it has %d bytes of %s where the guest's layout needs %d; the layout has changed"
                .formatted(block.bytes(), block.name(), end));
      }
      all.add(block, end == null ? 0 : end);
    }
    if (!ends.isEmpty()) {
      throw new IOException(
          "it has no block %s, which the guest's layout needs; the layout has changed"
              .formatted(String.join(", ", ends.keySet())));
    }
    if (all.pages > 2 * all.wanted + MAX_DEVICE_BYTES / FRAME) {
      throw new IOException(
          "its blocks have %d pages, far more than the guest's RAM".formatted(all.pages));
    }
    return all;
  }

  private void add(RamBlock block, long bytes) throws IOException {
    Block previous =
        blocks.put(
            block.name(),
            new Block(block.name(), block.bytes() / FRAME, wanted, (bytes + FRAME - 1) / FRAME));
    if (previous != null) {
      throw new IOException("it lists block %s twice".formatted(StreamInput.shown(block.name())));
    }
    wanted += (bytes + FRAME - 1) / FRAME;
    pages += block.bytes() / FRAME;
  }

  /** The block of this name, or null. */
  Block block(String name) {
    return blocks.get(name);
  }

  /** How many pages are numbered. */
  long wanted() {
    return wanted;
  }

  /** How many pages all blocks have. */
  long pages() {
    return pages;
  }

  /** The number of the page at an address of a region. */
  long page(RamRegion region, long gpa) {
    Block block = blocks.get(region.block());
    return block.first() + (region.blockOffset() + gpa - region.range().gpa()) / FRAME;
  }
}
