package io.ramtide.correlator.rule;

import io.ramtide.correlator.process.Capture;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Severity;
import io.ramtide.schemas.View;
import java.util.Locale;
import java.util.stream.Collectors;

/** A process runs, but Windows' list of processes does not have it: a rootkit unlinked it. */
final class ProcessNotInActiveList implements ProcessRule {
  /** The idle process is on no list. */
  private static final long IDLE = 0;

  @Override
  public String name() {
    return "process-not-in-active-list";
  }

  @Override
  public Technique technique() {
    return new Technique("T1014", "Rootkit");
  }

  @Override
  public Severity severity() {
    return Severity.high;
  }

  @Override
  public Verdict check(ProcessFinding before, ProcessFinding now, Capture capture) {
    if (now.getPid() == IDLE || now.getSeenBy().contains(View.activeList)) {
      return Verdict.NORMAL;
    }
    boolean runs =
        now.getExitTime() == null && (now.getActiveThreads() == null || now.getActiveThreads() > 0);
    boolean scanned = !now.getSeenBy().isEmpty();
    return capture.conclusive() && runs && scanned ? Verdict.VIOLATED : Verdict.UNDECIDED;
  }

  /** While pages are read one by one, a process may just be on its way into or out of the list. */
  @Override
  public int capturesNeeded(Capture capture) {
    return capture.live() ? 2 : 1;
  }

  @Override
  public String message(ProcessFinding now) {
    String name = now.getImageName() == null ? "A process without a name" : now.getImageName();
    String views = now.getSeenBy().stream().map(View::name).collect(Collectors.joining(" and "));
    return String.format(
        Locale.ROOT,
        "%s (PID %d) runs but is not in the active process list (seen by %s at GPA 0x%x)",
        name,
        now.getPid(),
        views,
        now.getObjectGpa());
  }
}
