package io.ramtide.scanner.windows.process;

import java.util.function.BiFunction;

/**
 * One check of a place that may be a process.
 *
 * @param name for people: what holds when it passes
 * @param weight what its verdict decides
 */
record ProcessRule(
    String name, Weight weight, BiFunction<RawProcess, ProcessRules.Guest, Verdict> check) {

  /** How much a rule decides. */
  enum Weight {
    /** Holds for every process: failing it rejects, and so does not being readable. */
    ESSENTIAL,
    /** Holds for every process: failing it rejects. */
    REQUIRED,
    /** Other objects point at this one, at its address: passing it cannot be had by a copy. */
    REFERRED_TO,
    /**
     * The object agrees with what is outside of it; one such rule must pass if any can be asked.
     */
    ANCHORED
  }
}
