package io.ramtide.testkit.windows;

import io.ramtide.testkit.ram.FrameAllocator;
import io.ramtide.testkit.ram.RamRange;
import io.ramtide.testkit.ram.WritableRam;
import io.ramtide.testkit.x64.AddressSpace;
import io.ramtide.testkit.x64.PageTables;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;

/** The kernel half of the address space: page table root, self-map, mapped image, fixed regions. */
public final class KernelSpace {

  public static final long SHARED_USER_DATA = 0xfffff78000000000L;
  private static final long IDENTITY = 0xfffff80000000000L;
  private static final int LARGE_PAGE = 2 << 20;
  private static final int TABLE = WritableRam.FRAME;

  public final KernelFacts facts;
  public final WritableRam ram;
  public final FrameAllocator frames;
  public final PageTables tables;
  public final AddressSpace kernel;
  public final long root;
  public final int selfMapIndex;
  public final long imageVa;
  public final long nonPagedPool;
  public final long pagedPool;

  public KernelSpace(KernelFacts facts, List<RamRange> ranges, KernelPages pages, Random random) {
    this.facts = facts;
    ram = new WritableRam(ranges);
    frames = new FrameAllocator(ram, random);
    tables = new PageTables(ram, frames);
    JsonFacts release = facts.release();

    List<Long> roots =
        StreamSupport.stream(release.at("/directoryTableBases").spliterator(), false)
            .map(JsonFacts::number)
            .toList();
    root = roots.get(random.nextInt(roots.size()));
    frames.reserve(root, WritableRam.FRAME);
    kernel = new AddressSpace(ram, tables, root);

    int poolSlot;
    if (release.has("/nonPagedPool")) {
      nonPagedPool = release.number("/nonPagedPool");
      poolSlot = PageTables.index(nonPagedPool, 4);
      pagedPool = release.number("/systemSpace") + 0x2000000000L;
      selfMapIndex = (int) release.number("/selfMapIndex");
    } else {
      poolSlot = 0x100 + random.nextInt(0xe0);
      nonPagedPool = address(poolSlot) + ((long) random.nextInt(1 << 17) << 21);
      pagedPool = address(0x100 + (poolSlot + 7) % 0xe0) + ((long) random.nextInt(1 << 17) << 21);
      int index;
      do {
        index = 0x100 + random.nextInt(0xef);
      } while (index == poolSlot || index == PageTables.index(pagedPool, 4));
      selfMapIndex = index;
    }
    long image = mapImage(pages, random);
    imageVa = image;

    tables.map(root, SHARED_USER_DATA, frames.allocate(), PageTables.KERNEL_DATA);
    for (int slot : new int[] {poolSlot, PageTables.index(pagedPool, 4), 0x1f1, 0x1f8, 0x1ff}) {
      tables.ensureTopLevel(root, address(slot));
    }
    ram.putLong(root + 8L * selfMapIndex, selfMapEntry(root));
  }

  /** The PML4 entry by which a page table root maps itself. */
  public static long selfMapEntry(long root) {
    return root
        | PageTables.VALID
        | PageTables.WRITABLE
        | PageTables.ACCESSED
        | PageTables.DIRTY
        | PageTables.NO_EXECUTE;
  }

  /** A page table root that shares the kernel half and has no user half. */
  public long newRoot() {
    long made = frames.allocate();
    ram.put(made + TABLE / 2, ram.get(root + TABLE / 2, TABLE / 2));
    ram.putLong(made + 8L * selfMapIndex, selfMapEntry(made));
    return made;
  }

  public long symbol(String name) {
    return imageVa + facts.symbol(name);
  }

  public Struct struct(String type, long va) {
    return new Struct(facts, kernel, type, va);
  }

  private static long address(int slot) {
    return 0xffff000000000000L | ((long) slot << 39);
  }

  private long mapImage(KernelPages pages, Random random) {
    JsonFacts release = facts.release();
    long low = JsonFacts.number(release.at("/kernelFrames").get(0));
    long high = JsonFacts.number(release.at("/kernelFrames").get(1));
    boolean identity = release.flag("/kernelIsIdentityMapped");
    long size = facts.imageSize();
    long step = identity ? WritableRam.FRAME : LARGE_PAGE;
    long gpa = low + step * random.nextInt((int) ((high - low) / step));
    long va =
        identity ? IDENTITY + gpa : IDENTITY + LARGE_PAGE * (0x400L + random.nextInt(0x3f000));
    if (pages == KernelPages.LARGE) {
      long first = gpa & -LARGE_PAGE;
      long end = (gpa + size + LARGE_PAGE - 1) & -LARGE_PAGE;
      frames.reserve(first, end - first);
      for (long at = first; at < end; at += LARGE_PAGE) {
        tables.mapLarge(root, va - gpa + at, at, PageTables.KERNEL_IMAGE);
      }
    } else {
      for (long at = 0; at < size; at += WritableRam.FRAME) {
        tables.map(root, va + at, frames.allocate(), PageTables.KERNEL_IMAGE);
      }
    }
    return va;
  }
}
