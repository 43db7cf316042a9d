package io.ramtide.testkit.windows;

/**
 * An executive object in the pool.
 *
 * @param block its pool allocation
 * @param va virtual address of its body, which pointers to the object name
 */
record KernelObject(PoolBlock block, long va) {}
