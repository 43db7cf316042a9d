package io.ramtide.testkit.truth;

/**
 * A block of a hive, 4 KiB.
 *
 * @param storage 0 stable, 1 volatile
 * @param block its number in the storage
 * @param va where it is mapped: in the kernel's half, or in the process Registry
 * @param gpa -1: not in RAM
 * @param state valid, transition, pagefile, absent
 */
public record HiveBlockTruth(int storage, int block, long va, long gpa, String state) {}
