package io.ramtide.scanner.paging;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.PagingMode.Level;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Visits every mapping of a range of addresses, by address, pages and tables in transition
 * included. A table that is used twice at the same level is walked once, and the number of tables
 * is bounded: tables that refer to themselves or to each other cost no more than honest ones.
 */
public final class MappingWalk {
  /** Enough for the tables of 128 GiB in pages of 4 KiB. */
  public static final int MAX_TABLES = 1 << 16;

  /** Sees one mapping. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * @param bytes 4 KiB, 2 MiB or 1 GiB
     * @return whether to go on
     */
    boolean mapping(long va, long gpa, long bytes);
  }

  private final PageTables tables;
  private final PagingMode mode;
  private final Set<Long> seen = new HashSet<>();
  private final Visitor visitor;
  private final long first;
  private final long last;

  private MappingWalk(PageTables tables, long first, long last, Visitor visitor) {
    this.tables = tables;
    this.mode = tables.mode();
    this.first = first;
    this.last = last;
    this.visitor = visitor;
  }

  /**
   * Walks from the VA {@code first} to the VA {@code last}, both included.
   *
   * @return false if the visitor ended it or there were too many tables
   */
  public static boolean walk(PageTables tables, long first, long last, Visitor visitor) {
    return new MappingWalk(tables, first, last, visitor).table(tables.root(), 0, 0);
  }

  private boolean table(long gpa, int depth, long va) {
    // A table's GPA has its low twelve bits free.
    if (!seen.add(gpa | depth)) {
      return true;
    }
    if (seen.size() > MAX_TABLES) {
      return false;
    }
    Optional<ByteBuffer> frame = tables.frames().frame(gpa);
    if (frame.isEmpty()) {
      return true;
    }
    Level level = mode.levels().get(depth);
    long[] entries = new long[Math.min(level.entries(), PhysicalMemory.FRAME_BYTES / 8)];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = frame.get().getLong(i * PagingMode.ENTRY_BYTES);
    }
    for (int i = 0; i < entries.length; i++) {
      long start = canonical(va | (long) i << level.shift());
      boolean inRange =
          Long.compareUnsigned(start + (level.span() - 1), first) >= 0
              && Long.compareUnsigned(start, last) <= 0;
      if (inRange && entries[i] != 0 && !entry(entries[i], depth, level, start)) {
        return false;
      }
    }
    return true;
  }

  private boolean entry(long entry, int depth, Level level, long va) {
    if ((entry & mode.presentBit()) == 0) {
      SoftwarePte software = tables.format().decode(entry);
      if (software.state() != PteState.TRANSITION) {
        return true;
      }
      return depth == mode.levels().size() - 1
          ? visitor.mapping(va, software.address(), level.span())
          : table(software.address(), depth + 1, va);
    }
    if (PageTables.isLeaf(mode, depth, entry)) {
      return visitor.mapping(va, PageTables.leafStart(mode, level, entry), level.span());
    }
    return table(entry & mode.addressMask(), depth + 1, va);
  }

  private long canonical(long va) {
    Level top = mode.levels().get(0);
    int unused = 64 - top.shift() - top.bits();
    return va << unused >> unused;
  }
}
