package io.ramtide.scanner.paging;

import java.util.OptionalLong;

/**
 * Answers for user addresses whose page-table entry leaves it to the process's VADs: one that is
 * empty, or a prototype entry in the VAD form. Takes bounded time, and does not read through the
 * address space that asks.
 */
@FunctionalInterface
public interface VadLookup {
  /** Knows no VADs. */
  VadLookup NONE = va -> OptionalLong.empty();

  /** VA, in kernel space, of the prototype PTE of a mapped page; empty if no VAD names one. */
  OptionalLong prototypePte(long va);

  /** Whether private memory was committed at {@code va}: zeros until first touched. */
  default boolean isDemandZero(long va) {
    return false;
  }
}
