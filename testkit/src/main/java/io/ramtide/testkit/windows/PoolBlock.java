package io.ramtide.testkit.windows;

/**
 * A pool allocation.
 *
 * @param va virtual address of its POOL_HEADER
 * @param size bytes, header included, a multiple of 16
 */
record PoolBlock(long va, int size) {

  static final int HEADER = 16;
  static final int UNIT = 16;

  static final int FREED = 0;
  static final int NON_PAGED = 2;
  static final int PAGED = 3;

  /** Address of the first byte after the header. */
  long body() {
    return va + HEADER;
  }
}
