package io.ramtide.correlator.rule;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Severity;
import io.ramtide.schemas.View;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A process runs, but Windows' list of processes does not have it: a rootkit unlinked it. */
final class ProcessNotInActiveList implements ProcessRule {
  /** The idle process is on no list. */
  private static final long IDLE = 0;

  static final String NAME = "process-not-in-active-list";

  private static final Set<View> KEPT =
      EnumSet.of(
          View.cidTable,
          View.threadOwners,
          View.sessionList,
          View.csrssHandles,
          View.handleTableList);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Technique technique() {
    return new Technique("T1014", "Rootkit");
  }

  @Override
  public Severity severity(ProcessFinding now) {
    return keptBy(now).isEmpty() ? Severity.high : Severity.critical;
  }

  /** Views in which the kernel itself still works with the process, not only its memory is left. */
  private static List<View> keptBy(ProcessFinding now) {
    return now.getSeenBy().stream().filter(KEPT::contains).toList();
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
    List<View> found = now.getSeenBy().stream().filter(view -> !KEPT.contains(view)).toList();
    return String.format(
        Locale.ROOT,
        "%s (PID %d) runs but is not in the active process list (%sat GPA 0x%x)%s",
        name,
        now.getPid(),
        found.isEmpty() ? "" : "seen by " + names(found) + " ",
        now.getObjectGpa(),
        keptBy(now).isEmpty() ? "" : "; the kernel still keeps it in " + names(keptBy(now)));
  }

  private static String names(List<View> views) {
    String all = views.stream().map(View::name).collect(Collectors.joining(", "));
    int last = all.lastIndexOf(", ");
    return last < 0 ? all : all.substring(0, last) + " and" + all.substring(last + 1);
  }
}
