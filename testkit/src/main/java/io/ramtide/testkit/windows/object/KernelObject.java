package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.windows.pool.PoolBlock;

/**
 * An executive object in the pool.
 *
 * @param type name of its object type
 * @param block its pool allocation
 * @param va virtual address of its body, which pointers to the object name
 */
public record KernelObject(String type, PoolBlock block, long va) {}
