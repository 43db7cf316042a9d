package io.ramtide.scanner.windows.registry;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Cells of keys, so that none is read twice. */
final class CellSet {
  /** Cells begin on eight bytes. */
  private static final int SHIFT = 3;

  private final BitSet[] cells = {new BitSet(), new BitSet()};

  /** False: it has the cell already. */
  boolean add(int cell) {
    BitSet storage = cells[cell >>> 31];
    int at = (cell & Integer.MAX_VALUE) >>> SHIFT;
    boolean isNew = !storage.get(at);
    storage.set(at);
    return isNew;
  }

  /** The cells of all keys from a root down, but for some of them and all below these. */
  static CellSet of(KnownKey root, Collection<KnownKey> but) {
    CellSet set = new CellSet();
    Set<KnownKey> without = new HashSet<>(but);
    Deque<KnownKey> open = new ArrayDeque<>();
    open.push(root);
    while (!open.isEmpty()) {
      KnownKey key = open.pop();
      set.add(key.cell);
      for (KnownKey child : key.children) {
        if (!without.contains(child)) {
          open.push(child);
        }
      }
    }
    return set;
  }
}
