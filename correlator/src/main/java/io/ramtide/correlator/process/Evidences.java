package io.ramtide.correlator.process;

import io.ramtide.schemas.Evidence;
import io.ramtide.schemas.ProcessFinding;

/** Where something was read. */
public final class Evidences {
  private Evidences() {}

  /**
   * @param capture that shows the process as the finding has it
   */
  public static Evidence of(long capture, ProcessFinding finding) {
    return new Evidence(
        capture, finding.getObjectGpa(), finding.getObjectVa(), finding.getSeenBy());
  }
}
