package io.ramtide.scanner.windows.registry;

import io.ramtide.scanner.windows.hive.HiveCells;
import java.util.OptionalLong;

/** Where the blocks of a hive are: GPAs, by storage. */
final class BlockPlaces {
  static final long MISSING = -1;
  static final int STORAGES = 2;

  private final long[][] places = new long[STORAGES][];

  BlockPlaces(HiveCells cells) {
    for (int storage = 0; storage < STORAGES; storage++) {
      places[storage] = new long[cells.blocks(storage)];
      for (int block = 0; block < places[storage].length; block++) {
        OptionalLong gpa = cells.gpa(storage, block);
        places[storage][block] = gpa.isPresent() ? gpa.getAsLong() : MISSING;
      }
    }
  }

  int blocks(int storage) {
    return places[storage].length;
  }

  int blocks() {
    return places[0].length + places[1].length;
  }

  /** {@link #MISSING}: it could not be read, or there is none. */
  long gpa(int storage, int block) {
    return block < places[storage].length ? places[storage][block] : MISSING;
  }
}
