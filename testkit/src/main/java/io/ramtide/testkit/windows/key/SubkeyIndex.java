package io.ramtide.testkit.windows.key;

import io.ramtide.testkit.windows.hive.CellStruct;
import io.ramtide.testkit.windows.hive.Cells;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The list of the stable or of the volatile subkeys of a key, by name: a leaf (lf with the begin of
 * the names, lh with their hashes, li with neither), or several below a root (ri).
 */
final class SubkeyIndex {

  private static final int FULL = 500;
  private static final int FULL_SMALL = 8; // so that short lists have a root, too
  private static final int HASH_FACTOR = 37;
  private static final Comparator<SimKey> BY_NAME = Comparator.comparing(key -> key.upperName);

  private static final class Leaf {
    int cell = Cells.NIL;
    final List<SimKey> keys = new ArrayList<>();
  }

  private final Cells cells;
  private final boolean inVolatile;
  private final String kind;
  private final int full;
  private final List<Leaf> leaves = new ArrayList<>();
  private int root = Cells.NIL;

  /** An empty index; of kind "ri" it is one of small lh leaves, "ri-li" of small li leaves. */
  SubkeyIndex(Cells cells, boolean inVolatile, String kind) {
    this.cells = cells;
    this.inVolatile = inVolatile;
    this.kind = kind.equals("ri") ? "lh" : kind.replace("ri-", "");
    full = kind.startsWith("ri") ? FULL_SMALL : FULL;
    leaves.add(new Leaf());
  }

  /** Index of the cell that the key names; NIL while there are no subkeys. */
  int cell() {
    return root != Cells.NIL ? root : leaves.get(0).cell;
  }

  int count() {
    return leaves.stream().mapToInt(leaf -> leaf.keys.size()).sum();
  }

  void add(SimKey key, long now) {
    int number = leafOf(key);
    Leaf leaf = leaves.get(number);
    int at = -1 - Collections.binarySearch(leaf.keys, key, BY_NAME);
    leaf.keys.add(at, key);
    write(leaf, at, now);
    if (leaf.keys.size() > full) {
      split(number, now);
    }
  }

  void remove(SimKey key, long now) {
    int number = leafOf(key);
    Leaf leaf = leaves.get(number);
    int at = leaf.keys.indexOf(key);
    leaf.keys.remove(at);
    if (!leaf.keys.isEmpty()) {
      write(leaf, at, now);
      return;
    }
    cells.free(leaf.cell);
    leaf.cell = Cells.NIL;
    if (leaves.size() > 1) {
      leaves.remove(number);
      writeRoot(now);
    } else if (root != Cells.NIL) {
      cells.free(root);
      root = Cells.NIL;
    }
  }

  /** Whether all that leads to a key from here can be read from RAM. */
  boolean inRam(SimKey key) {
    return (root == Cells.NIL || cells.inRam(root)) && cells.inRam(leaves.get(leafOf(key)).cell);
  }

  private int leafOf(SimKey key) {
    int number = leaves.size() - 1;
    while (number > 0 && BY_NAME.compare(leaves.get(number).keys.get(0), key) > 0) {
      number--;
    }
    return number;
  }

  private void split(int number, long now) {
    Leaf leaf = leaves.get(number);
    Leaf second = new Leaf();
    List<SimKey> half = leaf.keys.subList(full / 2, leaf.keys.size());
    second.keys.addAll(half);
    half.clear();
    leaves.add(number + 1, second);
    write(leaf, leaf.keys.size(), now);
    write(second, 0, now);
  }

  /** Writes a leaf's entries from one on, in a larger cell if there is no room. */
  private void write(Leaf leaf, int from, long now) {
    int each = kind.equals("li") ? Integer.BYTES : 2 * Integer.BYTES;
    int room = place(leaf.cell, each, leaf.keys.size(), now);
    int start = room == leaf.cell ? from : 0;
    leaf.cell = room;
    CellStruct list = cells.struct("_CM_KEY_INDEX", room).signature(kind);
    list.u16("Count", leaf.keys.size());
    for (int i = start; i < leaf.keys.size(); i++) {
      SimKey key = leaf.keys.get(i);
      int at = list.offset("List") + each * i;
      cells.putInt(room, at, key.cell);
      if (each > Integer.BYTES) {
        cells.putInt(
            room, at + Integer.BYTES, kind.equals("lf") ? hint(key.name) : hash(key.upperName));
      }
    }
    if (start == 0 && leaves.size() > 1) {
      writeRoot(now);
    }
  }

  private void writeRoot(long now) {
    root = place(root, Integer.BYTES, leaves.size(), now);
    CellStruct list = cells.struct("_CM_KEY_INDEX", root).signature("ri");
    list.u16("Count", leaves.size());
    for (int i = 0; i < leaves.size(); i++) {
      list.u32("List", i, leaves.get(i).cell);
    }
  }

  /** A cell for so many entries: the old one if they fit, else a new one. */
  private int place(int old, int each, int count, long now) {
    int bytes = cells.facts.offset("_CM_KEY_INDEX", "List") + each * count;
    if (old != Cells.NIL && cells.room(old) >= bytes) {
      return old;
    }
    int made = cells.allocate(inVolatile, bytes + each * (count / 2), now);
    cells.freeIfAny(old);
    return made;
  }

  private static int hint(String name) {
    int hint = 0;
    for (int i = 0; i < Math.min(Integer.BYTES, name.length()); i++) {
      int character = name.charAt(i);
      hint |= character > 0xff ? 0 : character << (8 * i);
    }
    return hint;
  }

  private static int hash(String upperName) {
    int hash = 0;
    for (int i = 0; i < upperName.length(); i++) {
      hash = HASH_FACTOR * hash + upperName.charAt(i);
    }
    return hash;
  }
}
