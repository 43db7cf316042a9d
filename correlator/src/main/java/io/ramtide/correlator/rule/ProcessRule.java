package io.ramtide.correlator.rule;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Severity;

/** A check of one process against what was known of it before. Stateless and total. */
public interface ProcessRule {
  /** Stable name: it is on the topics and in the state. */
  String name();

  Technique technique();

  Severity severity(ProcessFinding now);

  /**
   * @param before null in the first capture that has the process
   */
  Verdict check(ProcessFinding before, ProcessFinding now, Capture capture);

  /** How many captures in a row, this one included, must violate the rule before it is told. */
  default int capturesNeeded(Capture capture) {
    return 1;
  }

  /** One sentence for a person. */
  String message(ProcessFinding now);
}
