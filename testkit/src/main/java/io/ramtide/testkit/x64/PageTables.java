package io.ramtide.testkit.x64;

import io.ramtide.testkit.ram.FrameAllocator;
import io.ramtide.testkit.ram.WritableRam;
import java.util.ArrayList;
import java.util.List;

/**
 * Four-level page tables in guest RAM (Intel SDM volume 3, 4.5): 512 entries of 8 bytes a table,
 * bits 51:12 the physical address of the next level or of the page.
 */
public final class PageTables {

  public static final long VALID = 1;
  public static final long WRITABLE = 1L << 1;
  public static final long USER = 1L << 2;
  public static final long ACCESSED = 1L << 5;
  public static final long DIRTY = 1L << 6;
  public static final long LARGE = 1L << 7;
  public static final long GLOBAL = 1L << 8;
  public static final long NO_EXECUTE = 1L << 63;

  /** Kernel data: writable, accessed, dirty, global, not executable. */
  public static final long KERNEL_DATA = VALID | WRITABLE | ACCESSED | DIRTY | GLOBAL | NO_EXECUTE;

  /** Kernel code and data in one large page. */
  public static final long KERNEL_IMAGE = VALID | WRITABLE | ACCESSED | DIRTY | GLOBAL;

  /** Private data of a process. */
  public static final long USER_DATA = VALID | WRITABLE | USER | ACCESSED | DIRTY | NO_EXECUTE;

  private static final long TABLE = VALID | WRITABLE | ACCESSED | DIRTY;
  private static final long ADDRESS = 0x000ffffffffff000L;

  private final WritableRam ram;
  private final FrameAllocator frames;

  public PageTables(WritableRam ram, FrameAllocator frames) {
    this.ram = ram;
    this.frames = frames;
  }

  /** Index of an address in the table of a level: 4 is the PML4, 1 the page table. */
  public static int index(long va, int level) {
    return (int) (va >>> (12 + 9 * (level - 1))) & 511;
  }

  /** Maps one 4 KiB page; missing tables are made in scattered frames. */
  public void map(long root, long va, long gpa, long flags) {
    ram.putLong(entryAddress(root, va, 1), gpa | flags);
  }

  /** Maps one 2 MiB page; both addresses must be multiples of 2 MiB. */
  public void mapLarge(long root, long va, long gpa, long flags) {
    ram.putLong(entryAddress(root, va, 2), gpa | flags | LARGE);
  }

  /** Writes a page table entry as it is, for pages that are not valid. */
  public void putEntry(long root, long va, long entry) {
    ram.putLong(entryAddress(root, va, 1), entry);
  }

  /** The page table entry of an address whose tables exist. */
  public long entry(long root, long va) {
    return ram.getLong(entryAddress(root, va, 1));
  }

  /** Makes the table below a PML4 entry exist, so that copies of the PML4 share it. */
  public void ensureTopLevel(long root, long va) {
    entryAddress(root, va, 3);
  }

  /** Guest-physical address of a mapped address. */
  public long translate(long root, long va) {
    long table = root;
    for (int level = 4; level >= 1; level--) {
      long entry = ram.getLong(table + 8L * index(va, level));
      if ((entry & VALID) == 0) {
        throw new IllegalArgumentException("%#x is not mapped".formatted(va));
      }
      if (level == 1 || (level == 2 && (entry & LARGE) != 0)) {
        long offset = (1L << (12 + 9 * (level - 1))) - 1;
        return (entry & ADDRESS & ~offset) | (va & offset);
      }
      table = entry & ADDRESS;
    }
    throw new AssertionError();
  }

  /** Guest-physical addresses of the tables below the user half of a root, without the root. */
  public List<Long> userTables(long root) {
    List<Long> tables = new ArrayList<>();
    List<Long> level = List.of(root);
    for (int depth = 4; depth > 1; depth--) {
      int entries = depth == 4 ? 256 : 512;
      List<Long> next = new ArrayList<>();
      for (long table : level) {
        for (int i = 0; i < entries; i++) {
          long entry = ram.getLong(table + 8L * i);
          if ((entry & VALID) != 0 && (entry & LARGE) == 0) {
            next.add(entry & ADDRESS);
          }
        }
      }
      tables.addAll(next);
      level = next;
    }
    return tables;
  }

  private long entryAddress(long root, long va, int lastLevel) {
    long table = root;
    for (int level = 4; level > lastLevel; level--) {
      long at = table + 8L * index(va, level);
      long entry = ram.getLong(at);
      if ((entry & VALID) == 0) {
        entry = frames.allocate() | TABLE | (va >= 0 ? USER : 0);
        ram.putLong(at, entry);
      }
      table = entry & ADDRESS;
    }
    return table + 8L * index(va, lastLevel);
  }
}
