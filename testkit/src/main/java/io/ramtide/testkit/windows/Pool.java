package io.ramtide.testkit.windows;

import io.ramtide.testkit.ram.FrameAllocator;
import io.ramtide.testkit.ram.WritableRam;
import io.ramtide.testkit.x64.AddressSpace;
import io.ramtide.testkit.x64.PageTables;
import java.util.Random;

/**
 * Kernel pool: pages in scattered frames, filled with blocks. A block starts with POOL_HEADER:
 * PreviousSize, PoolIndex, BlockSize, PoolType (a byte each, sizes in 16 bytes), the tag (4 bytes)
 * and the billed process (8 bytes).
 */
final class Pool {

  private static final int PAGE = WritableRam.FRAME;
  private static final byte[][] FILLERS = {
    {'N', 't', 'f', 'x'}, {'E', 'v', 'e', 'n'}, {'M', 'm', 'S', 't'}, {'I', 'r', 'p', ' '}
  };

  private final PageTables tables;
  private final FrameAllocator frames;
  private final AddressSpace kernel;
  private final Random random;
  private final byte[] freeTag;
  private long nextPage;
  private int used = PAGE;
  private int previousUnits;

  Pool(
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
  PoolBlock allocate(byte[] tag, int bodySize, int type) {
    int size = blockSize(bodySize);
    if (used + size > PAGE) {
      newPage();
    }
    return place(tag, size, type);
  }

  /** A block whose content starts at a multiple of an alignment plus a remainder in its page. */
  PoolBlock allocateAligned(byte[] tag, int bodySize, int type, int alignment, int remainder) {
    int size = blockSize(bodySize);
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
  PoolBlock allocateCrossing(byte[] tag, int bodySize, int type, int alignment, int remainder) {
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
  long allocatePage() {
    closePage();
    return mapPage();
  }

  /** Marks a block free. Its content stays, as in a real pool, until somebody gets the block. */
  void free(PoolBlock block) {
    kernel.putByte(block.va() + 3, PoolBlock.FREED);
  }

  /** Makes a freed block an allocation again, its content zero. */
  void reuse(PoolBlock block, int type) {
    kernel.putByte(block.va() + 3, type);
    kernel.fillZero(block.body(), block.size() - PoolBlock.HEADER);
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
