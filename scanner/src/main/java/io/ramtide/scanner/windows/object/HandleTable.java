package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.AddressSpace.ReadResult;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Walks a HANDLE_TABLE: of a process, or the table of client IDs. A page of the table is walked
 * once, however often the table refers to it, so a walk is bounded by the guest's memory, and
 * besides by {@link #MAX_HANDLES}.
 */
public final class HandleTable {
  /** Windows gives a process no more: 2^24 handles. */
  public static final int MAX_HANDLES = 1 << 24;

  /**
   * Pages of tables that are read of a guest, of all tables together: a busy server has some 10^4.
   */
  static final int MAX_PAGES = 1 << 20;

  /** Of one table: as many as {@link #MAX_HANDLES} need, so that one takes little from others. */
  private static final int MAX_PAGES_OF_ONE = 1 << 16;

  private static final int LEVEL_MASK = 3;
  private static final int MAX_LEVEL = 2;
  private static final int PAGE = PhysicalMemory.FRAME_BYTES;

  /** Handles count in steps of four: the low two bits are the caller's. */
  private static final int STEP = 4;

  private static final int MAX_GAPS = 8;

  /** An address has 48 bits: bits above repeat the highest. */
  private static final int HIGH_BITS = 16;

  /** Lock, inherit, audit and protection bits that share an entry with its pointer. */
  private static final long OBJECT_FLAGS = 7;

  private final Guest guest;
  private final StructType entry;
  private final int maxHandles;
  private final Budget budget;
  private int pages;
  private final Set<Long> seen = new HashSet<>();
  private final List<Handle> handles = new ArrayList<>();
  private final Set<String> gaps = new LinkedHashSet<>();

  /** What may still be read of a guest: many tables may share pages that hold nothing. */
  private static final class Budget {
    private int pages = MAX_PAGES;
  }

  /**
   * An entry in use.
   *
   * @param pointer VA the entry holds: in a process's table of an OBJECT_HEADER, in the table of
   *     client IDs of the object itself
   * @param grantedAccess ACCESS_MASK; means nothing in the table of client IDs
   */
  public record Handle(long value, long pointer, long grantedAccess) {}

  /**
   * What a table gave.
   *
   * @param gaps what of it could not be read, and why; bounded
   */
  public record Result(List<Handle> handles, List<String> gaps) {}

  private HandleTable(Guest guest, int maxHandles) {
    this.guest = guest;
    this.entry = guest.type("HANDLE_TABLE_ENTRY");
    this.maxHandles = Math.min(maxHandles, MAX_HANDLES);
    this.budget = guest.once(Budget.class, any -> new Budget());
    this.pages = Math.min(MAX_PAGES_OF_ONE, budget.pages);
  }

  /** Walks the HANDLE_TABLE at a VA, up to so many entries in use. */
  public static Result at(Guest guest, long va, int maxHandles) {
    HandleTable table = new HandleTable(guest, maxHandles);
    table.walk(va);
    return new Result(table.handles, List.copyOf(table.gaps));
  }

  /**
   * Walks PspCidTable: processes and threads by their IDs, pointers to the objects themselves. A
   * gap, and nothing else, if the kernel's symbols are not known.
   */
  public static Result cids(Guest guest, int maxHandles) {
    OptionalLong variable = guest.symbol("PspCidTable");
    if (variable.isEmpty()) {
      return new Result(List.of(), List.of("nothing names PspCidTable: no exact symbols"));
    }
    OptionalLong table = guest.space().qword(variable.getAsLong());
    return table.isPresent()
        ? at(guest, table.getAsLong(), maxHandles)
        : new Result(
            List.of(),
            List.of("PspCidTable: " + guest.space().locate(variable.getAsLong()).text()));
  }

  private void walk(long va) {
    if (!guest.isKernelAddress(va)) {
      gaps.add("handle table 0x%x: not a kernel address".formatted(va));
      return;
    }
    Struct table = guest.struct("HANDLE_TABLE", va);
    OptionalLong code = table.u64("TableCode");
    if (code.isEmpty()) {
      gaps.add("handle table 0x%x: %s".formatted(va, table.gap("TableCode").orElseThrow().text()));
      return;
    }
    int level = (int) code.getAsLong() & LEVEL_MASK;
    if (level > MAX_LEVEL) {
      gaps.add("handle table 0x%x: %d levels".formatted(va, level + 1));
    } else {
      page(code.getAsLong() & ~(long) LEVEL_MASK, level, 0);
    }
  }

  /**
   * @param first value of the first handle below this page
   */
  private void page(long va, int level, long first) {
    if (!guest.isKernelAddress(va)) {
      gap("page 0x%x: not a kernel address".formatted(va));
      return;
    }
    budget.pages--;
    pages--;
    byte[] bytes = new byte[PAGE];
    ReadResult read = guest.space().read(va, bytes, 0, PAGE);
    read.gap().ifPresent(gap -> gap("page 0x%x: %s".formatted(va, gap.text())));
    OptionalLong gpa = guest.space().gpa(va);
    if (gpa.isPresent() && !seen.add(gpa.getAsLong())) {
      gap("page 0x%x is in the table twice".formatted(va));
      return;
    }
    ByteBuffer page = ByteBuffer.wrap(bytes, 0, read.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    if (level == 0) {
      leaf(page, first);
    } else {
      pointers(page, level, first);
    }
  }

  private void pointers(ByteBuffer page, int level, long first) {
    long span = STEP * (long) (PAGE / entry.size());
    for (int i = 1; i < level; i++) {
      span *= PAGE / Long.BYTES;
    }
    for (int at = 0; at + Long.BYTES <= page.limit(); at += Long.BYTES) {
      long below = page.getLong(at);
      if (below == 0) {
        // Tables grow from the front: what follows an empty slot was never made.
        return;
      }
      if (handles.size() == maxHandles) {
        gap("only the first %d handles were read".formatted(maxHandles));
        return;
      }
      if (pages <= 0) {
        gap(
            budget.pages <= 0
                ? "only %d pages of handle tables were read".formatted(MAX_PAGES)
                : "only the first %d pages were read".formatted(MAX_PAGES_OF_ONE));
        return;
      }
      page(below, level - 1, first + at / Long.BYTES * span);
    }
  }

  private void leaf(ByteBuffer page, long first) {
    for (int at = 0; at + entry.size() <= page.limit(); at += entry.size()) {
      long pointer = pointer(page, at);
      // Free entries, and the first of a page, which is the table's own, hold no address.
      if (!guest.isKernelAddress(pointer)) {
        continue;
      }
      if (handles.size() == maxHandles) {
        gap("only the first %d handles were read".formatted(maxHandles));
        return;
      }
      handles.add(new Handle(first + (long) STEP * (at / entry.size()), pointer, access(page, at)));
    }
  }

  /** The VA an entry holds; 0 if it is free. */
  private long pointer(ByteBuffer page, int at) {
    if (entry.has("ObjectPointerBits")) {
      // 44 bits of an address whose low four are zero and whose high sixteen are ones.
      StructType.Field bits = entry.field("ObjectPointerBits");
      long value = bits.in(page.getLong(at + bits.offset()));
      return value == 0 ? 0 : value << (Long.SIZE - bits.bits()) >> HIGH_BITS;
    }
    return page.getLong(at + entry.offset("Object")) & ~OBJECT_FLAGS;
  }

  private long access(ByteBuffer page, int at) {
    if (entry.has("GrantedAccessBits")) {
      StructType.Field bits = entry.field("GrantedAccessBits");
      return bits.in(Integer.toUnsignedLong(page.getInt(at + bits.offset())));
    }
    return Integer.toUnsignedLong(page.getInt(at + entry.offset("GrantedAccess")));
  }

  private void gap(String what) {
    if (gaps.size() < MAX_GAPS) {
      gaps.add(what);
    }
  }
}
