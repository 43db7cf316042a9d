package io.ramtide.testkit.windows.pool;

/**
 * A pool allocation.
 *
 * @param va virtual address of its POOL_HEADER
 * @param size bytes, header included, a multiple of 16
 */
public record PoolBlock(long va, int size) {

  public static final int HEADER = 16;
  public static final int UNIT = 16;

  public static final int FREED = 0;
  public static final int NON_PAGED = 2;
  public static final int PAGED = 3;

  /** Address of the first byte after the header. */
  public long body() {
    return va + HEADER;
  }
}
