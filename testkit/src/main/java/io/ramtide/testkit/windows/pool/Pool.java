package io.ramtide.testkit.windows.pool;

import io.ramtide.testkit.ram.FrameAllocator;
import io.ramtide.testkit.ram.WritableRam;
import io.ramtide.testkit.x64.AddressSpace;
import io.ramtide.testkit.x64.PageTables;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Kernel pool: pages in scattered frames, filled with blocks. A block starts with POOL_HEADER:
 * PreviousSize, PoolIndex, BlockSize, PoolType (a byte each, sizes in 16 bytes), the tag (4 bytes)
 * and the billed process (8 bytes).
 */
public final class Pool {

  private static final int PAGE = WritableRam.FRAME;
  private static final int KEEP_FREED = 8; // blocks of a size, before the oldest is used again
  private static final byte[][] FILLERS = {
    {'N', 't', 'f', 'x'}, {'E', 'v', 'e', 'n'}, {'M', 'm', 'S', 't'}, {'I', 'r', 'p', ' '}
  };

  private final PageTables tables;
  private final FrameAllocator frames;
  private final AddressSpace kernel;
  private final Random random;
  private final byte[] freeTag;
  private final Map<Integer, Deque<PoolBlock>> freed = new HashMap<>();
  private final Deque<Long> freedPages = new ArrayDeque<>();
  private long nextPage;
  private int used = PAGE;
  private int previousUnits;

  public Pool(
      PageTables tables,
      FrameAllocator frames,
      AddressSpace kernel,
      Random random,
      long start,
      byte[] freeTag) {
    this.tables = tables;
    this.frames = frames;
    this.kernel = kernel;
    this.random = random;
    this.nextPage = start;
    this.freeTag = freeTag;
  }

  /** A block in the current page, or in a new one if it does not fit. */
  public PoolBlock allocate(byte[] tag, int bodySize, int type) {
    int size = blockSize(bodySize);
    PoolBlock old = reuse(tag, size, type);
    if (old != null) {
      return old;
    }
    if (used + size > PAGE) {
      newPage();
    }
    return place(tag, size, type);
  }

  /** A block whose content starts at a multiple of an alignment plus a remainder in its page. */
  public PoolBlock allocateAligned(
      byte[] tag, int bodySize, int type, int alignment, int remainder) {
    int size = blockSize(bodySize);
    PoolBlock old = reuse(tag, size, type);
    if (old != null) {
      return old;
    }
    newPage();
    while ((used + PoolBlock.HEADER) % alignment != remainder) {
      filler(PoolBlock.HEADER + PoolBlock.UNIT * (1 + random.nextInt(3)));
      if (used + size > PAGE) {
        newPage();
      }
    }
    return place(tag, size, type);
  }

  /** A block over two pages of neighbouring addresses whose frames are not neighbours. */
  public PoolBlock allocateCrossing(
      byte[] tag, int bodySize, int type, int alignment, int remainder) {
    int size = blockSize(bodySize);
    closePage();
    long first = mapPage();
    long firstFrame = kernel.translate(first);
    long second = mapPage();
    while (kernel.translate(second) == firstFrame + PAGE) {
      tables.map(kernel.root(), second, frames.allocate(), PageTables.KERNEL_DATA);
    }
    int earliest = PAGE - size + 3 * alignment;
    int at = earliest - (earliest + PoolBlock.HEADER) % alignment + remainder;
    previousUnits = 0;
    used = 0;
    header(first, freeTag, at, PoolBlock.FREED);
    header(first + at, tag, size, type);
    header(first + at + size, freeTag, 2 * PAGE - at - size, PoolBlock.FREED);
    used = PAGE;
    return new PoolBlock(first + at, size);
  }

  /** A page of its own, zero and without a header: what an allocation of 4096 bytes gets. */
  public long allocatePage() {
    if (freedPages.size() >= KEEP_FREED) {
      long va = freedPages.remove();
      kernel.fillZero(va, PAGE);
      return va;
    }
    closePage();
    return mapPage();
  }

  /** Whole pages at neighbouring addresses in scattered frames, zero and without a header. */
  public long allocatePages(int count) {
    closePage();
    long va = mapPage();
    for (int i = 1; i < count; i++) {
      mapPage();
    }
    return va;
  }

  /** Marks a block free. Its content stays, as in a real pool, until somebody gets the block. */
  public void free(PoolBlock block) {
    kernel.putByte(block.va() + 3, PoolBlock.FREED);
    freed.computeIfAbsent(block.size(), size -> new ArrayDeque<>()).add(block);
  }

  /** Gives a page of {@link #allocatePage} back. */
  public void freePage(long va) {
    freedPages.add(va);
  }

  /**
   * The block of this size that is free for longest, its content zero; null while there are few.
   */
  private PoolBlock reuse(byte[] tag, int size, int type) {
    Deque<PoolBlock> blocks = freed.get(size);
    if (blocks == null || blocks.size() < KEEP_FREED) {
      return null;
    }
    PoolBlock block = blocks.remove();
    kernel.putByte(block.va() + 3, type);
    kernel.put(block.va() + 4, tag);
    kernel.fillZero(block.body(), size - PoolBlock.HEADER);
    return block;
  }

  private PoolBlock place(byte[] tag, int size, int type) {
    PoolBlock block = new PoolBlock(nextPage - PAGE + used, size);
    header(block.va(), tag, size, type);
    used += size;
    if (random.nextInt(4) == 0 && used + 128 <= PAGE) {
      filler(PoolBlock.HEADER + PoolBlock.UNIT * (1 + random.nextInt(7)));
    }
    return block;
  }

  private void filler(int size) {
    long va = nextPage - PAGE + used;
    header(va, FILLERS[random.nextInt(FILLERS.length)], size, PoolBlock.NON_PAGED);
    byte[] content = new byte[size - PoolBlock.HEADER];
    random.nextBytes(content);
    kernel.put(va + PoolBlock.HEADER, content);
    used += size;
  }

  private void header(long va, byte[] tag, int size, int type) {
    int units = size / PoolBlock.UNIT;
    kernel.put(va, new byte[] {(byte) previousUnits, 0, (byte) units, (byte) type});
    kernel.put(va + 4, tag);
    kernel.putLong(va + 8, 0);
    previousUnits = units;
  }

  private void newPage() {
    closePage();
    mapPage();
    used = 0;
    previousUnits = 0;
  }

  private void closePage() {
    if (used < PAGE) {
      header(nextPage - PAGE + used, freeTag, PAGE - used, PoolBlock.FREED);
      used = PAGE;
    }
  }

  private long mapPage() {
    long va = nextPage;
    tables.map(kernel.root(), va, frames.allocate(), PageTables.KERNEL_DATA);
    nextPage += PAGE;
    return va;
  }

  private static int blockSize(int bodySize) {
    return (PoolBlock.HEADER + bodySize + PoolBlock.UNIT - 1) & -PoolBlock.UNIT;
  }
}
