package io.ramtide.scanner.windows.registry.cell;

import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.hive.Cell;
import io.ramtide.scanner.windows.registry.cell.Budget.Reading;
import io.ramtide.scanner.windows.token.Sid;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Owners of keys, by the cells of their security descriptors (sk). Few descriptors serve many keys,
 * so each is read once.
 */
public final class Owners {
  /** Descriptors that are kept; a hive has some hundreds. */
  private static final int MAX_KNOWN = 1 << 16;

  private static final GuestText NO_DESCRIPTOR = GuestText.missing("not a security descriptor");

  private final Map<Integer, Owner> known;

  /** An owner, and the blocks that its descriptor lies in. */
  static final class Owner {
    private final GuestText sid;
    private final int[] blocks;

    Owner(GuestText sid, int[] blocks) {
      this.sid = sid;
      this.blocks = blocks;
    }
  }

  public Owners() {
    this(new HashMap<>());
  }

  private Owners(Map<Integer, Owner> known) {
    this.known = known;
  }

  /**
   * Reads those again that have changed.
   *
   * @param isChanged whether one of some blocks changed
   * @return descriptors whose owner is another one now
   */
  public Set<Integer> refresh(KeyReader keys, Predicate<int[]> isChanged) {
    Set<Integer> others = new HashSet<>();
    for (Map.Entry<Integer, Owner> entry : known.entrySet()) {
      Owner before = entry.getValue();
      if (isChanged.test(before.blocks)) {
        Owner now = keys.owner(entry.getKey(), this);
        boolean isLost = now.sid.value() == null && before.sid.value() != null;
        // What was readable before is still true as far as is known.
        entry.setValue(isLost ? new Owner(before.sid, now.blocks) : now);
        if (!isLost && !now.sid.equals(before.sid)) {
          others.add(entry.getKey());
        }
      }
    }
    return others;
  }

  GuestText of(int security, CellReader reader, CellTypes types, Budget budget) {
    Owner owner = known.get(security);
    if (owner == null) {
      owner = read(security, reader, types);
      if (known.size() < MAX_KNOWN) {
        known.put(security, owner);
      } else {
        // What changes in it would not be noticed.
        budget.overflow();
      }
    }
    return owner.sid;
  }

  Owner read(int security, CellReader reader, CellTypes types) {
    reader.begin();
    GuestText sid = sid(security, reader, types);
    return new Owner(sid, reader.blocks());
  }

  private static GuestText sid(int security, CellReader reader, CellTypes types) {
    int owner = types.descriptor + CellFacts.ALL.owner;
    Cell read = reader.read(Reading.DATA, security, owner + Integer.BYTES);
    if (!(read instanceof Cell.Present found)) {
      return GuestText.missing(((Cell.Missing) read).why());
    }
    ByteBuffer bytes = found.bytes();
    if (bytes.getShort(0) != CellFacts.ALL.security) {
      return NO_DESCRIPTOR;
    }
    long at = types.descriptor + Integer.toUnsignedLong(bytes.getInt(owner));
    return at >= bytes.limit()
        ? NO_DESCRIPTOR
        : Sid.parse(types.sid, bytes.slice((int) at, bytes.limit() - (int) at));
  }
}
