package io.ramtide.scanner.windows.registry.cell;

import io.ramtide.scanner.windows.hive.Cell;
import io.ramtide.scanner.windows.hive.HiveCells;
import io.ramtide.scanner.windows.registry.cell.Budget.Reading;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The cells of a key's subkeys, as its lists have them: lf, lh, li, or ri, a list of these. */
final class SubkeyLists {
  private static final Cell.Missing NO_LIST = new Cell.Missing("not a list of subkeys");

  /** Of one key; the largest ones have some 10^5. */
  private static final int MAX_SUBKEYS = 1 << 18;

  private static final Cell.Missing TOO_MANY_OF_ONE =
      new Cell.Missing("left out: more than %d subkeys of one key".formatted(MAX_SUBKEYS));
  private final CellReader reader;
  private final CellTypes types;
  private final Budget budget;
  private int[] found = new int[16];
  private int count;

  SubkeyLists(CellReader reader, CellTypes types, Budget budget) {
    this.reader = reader;
    this.types = types;
    this.budget = budget;
  }

  /** Those of stable storage first. */
  int[] of(KeyNode node, Gaps gaps) {
    count = 0;
    for (int storage = HiveCells.STABLE; storage <= HiveCells.VOLATILE; storage++) {
      long expected = node.subkeys(storage);
      if (expected != 0) {
        storage(node.subkeyList(storage), expected, gaps);
      }
    }
    return count == 0 ? KeyReader.NO_CELLS : Arrays.copyOf(found, count);
  }

  private void storage(int list, long expected, Gaps gaps) {
    int before = count;
    Cell.Missing why = list(list, true);
    long missing = expected - (count - before);
    if (missing > 0) {
      gaps.unreadable(why == null ? "on no list" : why.why(), missing);
    } else if (missing < 0) {
      gaps.remark("its lists have %d more than it counts".formatted(-missing));
    } else if (why != null) {
      gaps.remark("a list of subkeys: " + why.why());
    }
  }

  /** Why something of it is missing; null: nothing. */
  private Cell.Missing list(int cell, boolean mayBeIndex) {
    Cell read = reader.read(Reading.LISTS, cell, types.list);
    if (!(read instanceof Cell.Present list)) {
      return (Cell.Missing) read;
    }
    ByteBuffer bytes = list.bytes();
    short signature = bytes.getShort(0);
    boolean isIndex = mayBeIndex && signature == CellFacts.ALL.listOfLists;
    int entry = isIndex ? Integer.BYTES : CellFacts.ALL.listEntry(signature);
    if (entry == 0) {
      return NO_LIST;
    }
    int entries = CellReader.u16(bytes, types.listCount);
    int inCell = (bytes.limit() - types.list) / entry;
    int wanted = Math.min(entries, inCell);
    int room = isIndex ? wanted : MAX_SUBKEYS - count;
    int given = budget.entries(Math.min(wanted, room));
    Cell.Missing why = given < wanted ? Budget.TOO_MANY : null;
    if (room < wanted) {
      budget.overflow();
      why = TOO_MANY_OF_ONE;
    }
    why = entries > inCell ? CellReader.TOO_SMALL : why;
    for (int i = 0; i < given; i++) {
      int next = bytes.getInt(types.list + i * entry);
      if (isIndex) {
        Cell.Missing below = list(next, false);
        why = why == null ? below : why;
      } else {
        add(next);
      }
    }
    return why;
  }

  private void add(int cell) {
    if (count == found.length) {
      found = Arrays.copyOf(found, 2 * count);
    }
    found[count++] = cell;
  }
}
