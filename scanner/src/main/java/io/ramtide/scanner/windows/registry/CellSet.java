package io.ramtide.scanner.windows.registry;

import java.util.BitSet;

/** Cells of keys, so that none is told of twice. */
final class CellSet {
  /** Cells begin on eight bytes. */
  private static final int SHIFT = 3;

  private final BitSet[] cells = {new BitSet(), new BitSet()};

  /** False: it has the cell already. */
  boolean add(int cell) {
    BitSet storage = cells[cell >>> 31];
    boolean isNew = !storage.get(at(cell));
    storage.set(at(cell));
    return isNew;
  }

  void remove(int cell) {
    cells[cell >>> 31].clear(at(cell));
  }

  private static int at(int cell) {
    return (cell & Integer.MAX_VALUE) >>> SHIFT;
  }
}
