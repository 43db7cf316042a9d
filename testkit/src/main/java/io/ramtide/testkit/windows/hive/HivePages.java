package io.ramtide.testkit.windows.hive;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.pool.BigPages;
import io.ramtide.testkit.x64.PageTables;
import java.util.Random;

/**
 * Where the bins of hives are mapped: in paged pool, or (files, since Windows 10 1803) in the user
 * half of the process Registry.
 */
public final class HivePages {

  public static final int PAGE = 4096;
  private static final long ADDRESS = 0x000ffffffffff000L;

  private final KernelSpace space;
  private final BigPages pool;
  private final long root;
  private final Random random;
  private long next;

  private HivePages(KernelSpace space, BigPages pool, long root, long start, Random random) {
    this.space = space;
    this.pool = pool;
    this.root = root;
    this.next = start;
    this.random = random;
  }

  public static HivePages ofPool(KernelSpace space, BigPages pool) {
    return new HivePages(space, pool, space.root, 0, null);
  }

  public static HivePages ofProcess(KernelSpace space, long root, Random random) {
    long start = 0x1a0_0000_0000L + ((long) random.nextInt(1 << 20) << 16);
    return new HivePages(space, null, root, start, random);
  }

  /** Maps pages at neighbouring addresses; their VA. */
  long map(int pages) {
    if (pool != null) {
      return pool.allocate(space.facts.tag("hiveBin"), pages * PAGE);
    }
    long va = next;
    for (int i = 0; i < pages; i++) {
      mapAgain(va + (long) i * PAGE, space.frames.allocate());
    }
    next += (long) (pages + random.nextInt(8)) * PAGE;
    return va;
  }

  void unmap(long va, int pages) {
    if (pool != null) {
      pool.free(va, pages * PAGE);
      return;
    }
    for (int i = 0; i < pages; i++) {
      long page = va + (long) i * PAGE;
      long entry = space.tables.entry(root, page);
      if ((entry & PageTables.VALID) != 0) {
        space.frames.free(entry & ADDRESS);
      }
      putEntry(page, 0);
    }
  }

  void mapAgain(long va, long gpa) {
    space.tables.map(root, va, gpa, va < 0 ? PageTables.KERNEL_DATA : PageTables.USER_DATA);
  }

  long gpa(long va) {
    return space.tables.entry(root, va) & ADDRESS;
  }

  void putEntry(long va, long entry) {
    space.tables.putEntry(root, va, entry);
  }
}
