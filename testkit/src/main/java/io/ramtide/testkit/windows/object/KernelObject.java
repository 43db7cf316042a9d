package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.windows.pool.PoolBlock;

/**
 * An executive object in the pool.
 *
 * @param block its pool allocation
 * @param va virtual address of its body, which pointers to the object name
 */
public record KernelObject(PoolBlock block, long va) {}
