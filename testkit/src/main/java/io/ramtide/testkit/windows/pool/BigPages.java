package io.ramtide.testkit.windows.pool;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Struct;
import java.util.HashMap;
import java.util.Map;

/**
 * Pool allocations of a page and more, and the kernel's table of them: an entry says where one is
 * (VA, lowest bit: freed) and its tag. Only what is allocated here is in the table.
 */
public final class BigPages {

  private static final int ENTRIES = 4096;
  private static final int PAGE = 4096;
  private static final String ENTRY = "_POOL_TRACKER_BIG_PAGES";

  private final KernelSpace space;
  private final Pool paged;
  private final long table;
  private final Map<Long, Integer> used = new HashMap<>();
  private int next;

  public BigPages(KernelSpace space, Pool nonPaged, Pool paged) {
    this.space = space;
    this.paged = paged;
    int size = ENTRIES * space.facts.size(ENTRY);
    table = nonPaged.allocatePages((size + PAGE - 1) / PAGE);
    space.kernel.putLong(space.symbol("PoolBigPageTable"), table);
    space.kernel.putLong(space.symbol("PoolBigPageTableSize"), ENTRIES);
  }

  /** Pages of paged pool at neighbouring addresses in scattered frames, zero; their VA. */
  public long allocate(byte[] tag, int bytes) {
    int pages = (bytes + PAGE - 1) / PAGE;
    long va = paged.allocatePages(pages);
    if (next < ENTRIES) {
      used.put(va, next);
      Struct entry = space.struct(ENTRY, table + (long) next++ * space.facts.size(ENTRY));
      entry.u64("Va", va).bytes("Key", tag).u64("NumberOfBytes", (long) pages * PAGE);
      entry.u32OrBits("PoolType", 1); // PagedPool
    }
    return va;
  }

  /** Gives pages back: they are mapped no more, their frames keep their content for a while. */
  public void free(long va, int bytes) {
    Integer entry = used.remove(va);
    if (entry != null) {
      space.struct(ENTRY, table + (long) entry * space.facts.size(ENTRY)).u64("Va", va | 1);
    }
    for (long page = va; page < va + bytes; page += PAGE) {
      long gpa = space.tables.entry(space.root, page) & 0x000ffffffffff000L;
      if ((space.tables.entry(space.root, page) & 1) != 0) {
        space.frames.free(gpa);
      }
      space.tables.putEntry(space.root, page, 0);
    }
  }
}
