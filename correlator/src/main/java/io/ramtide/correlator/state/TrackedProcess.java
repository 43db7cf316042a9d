package io.ramtide.correlator.state;

import io.ramtide.schemas.ProcessFinding;
import java.util.Map;

/**
 * A process the correlator follows from capture to capture.
 *
 * @param number of the process among those of its domain, in the order they were first seen
 * @param capture that last changed the finding
 * @param finding what is known of it
 * @param lastSeen null while the last decoded capture has it, else the last capture that had it
 * @param rules what rules remember of it, by rule name
 */
public record TrackedProcess(
    long number,
    long capture,
    ProcessFinding finding,
    Moment lastSeen,
    Map<String, RuleState> rules) {
  public TrackedProcess {
    rules = Map.copyOf(rules);
  }

  public TrackedProcess withRules(Map<String, RuleState> newRules) {
    return new TrackedProcess(number, capture, finding, lastSeen, newRules);
  }
}
