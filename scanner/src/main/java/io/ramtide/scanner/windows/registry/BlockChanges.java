package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.memory.FrameSet;
import java.util.BitSet;

/** Which blocks of a hive changed since it was read last: by content, or where they are. */
final class BlockChanges {
  private final BitSet[] changed = {new BitSet(), new BitSet()};
  private boolean hasNew;

  private BlockChanges() {}

  /**
   * @param frames that changed in between
   */
  static BlockChanges between(BlockPlaces before, BlockPlaces now, FrameSet frames) {
    BlockChanges changes = new BlockChanges();
    for (int storage = 0; storage < BlockPlaces.STORAGES; storage++) {
      int length = Math.max(before.blocks(storage), now.blocks(storage));
      for (int block = 0; block < length; block++) {
        long was = before.gpa(storage, block);
        long is = now.gpa(storage, block);
        if (was != is || (is != BlockPlaces.MISSING && frames.contains(is))) {
          changes.changed[storage].set(block);
          changes.hasNew |= was == BlockPlaces.MISSING;
        }
      }
    }
    return changes;
  }

  /** How many changed. */
  int count() {
    return changed[0].cardinality() + changed[1].cardinality();
  }

  /** Whether a block can be read that could not be before. */
  boolean hasNew() {
    return hasNew;
  }

  /**
   * @param block bit 31 its storage, the rest its number
   */
  boolean has(int block) {
    return changed[block >>> 31].get(block & Integer.MAX_VALUE);
  }

  /** The first one from there on; -1: there is none. */
  int next(int storage, int from) {
    return changed[storage].nextSetBit(from);
  }

  /** Whether one of some blocks changed. */
  boolean hasAny(int[] blocks) {
    for (int block : blocks) {
      if (has(block)) {
        return true;
      }
    }
    return false;
  }
}
