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
    /** Holds for every process: one that does not pass rejects. */
    ESSENTIAL,
    /** Can be tampered with while the process runs: one that fails needs a reference to make up. */
    EXPECTED,
    /** Other objects point at this one, at its address: a copy or a fake does not pass. */
    REFERRED_TO,
    /**
     * The object agrees with what is outside of it; one such rule must pass if any can be asked.
     */
    ANCHORED
  }
}
