package io.ramtide.testkit.windows.process;

/**
 * Where a thread begins.
 *
 * @param va virtual address
 * @param module name of the module it lies in; null: in none
 */
public record StartAddress(long va, String module) {}
