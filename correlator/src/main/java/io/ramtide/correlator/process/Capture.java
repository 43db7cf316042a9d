package io.ramtide.correlator.process;

import io.ramtide.correlator.state.Moment;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import java.util.List;

/**
 * A closed capture: all that was found in it.
 *
 * @param system null if no kernel was recognised
 * @param processes in a fixed order, each once
 * @param dropped findings beyond what is correlated of one capture
 */
public record Capture(
    String domain,
    long number,
    Summary summary,
    SystemFinding system,
    List<ProcessFinding> processes,
    int dropped) {
  public Capture {
    processes = List.copyOf(processes);
  }

  /** Whether its processes were read at all. */
  public boolean decoded() {
    return summary.getStatus() == CaptureStatus.DECODED;
  }

  /** Whether it would show every process there is: only then absence proves something. */
  public boolean conclusive() {
    return decoded()
        && dropped == 0
        && summary.getActiveList() == ListStatus.complete
        && coversProcesses();
  }

  private boolean coversProcesses() {
    return summary.getCoverage().isEmpty()
        || summary.getCoverage().stream()
            .anyMatch(coverage -> coverage.getKind().equals("processes"));
  }

  public boolean live() {
    return summary.getConsistency() == Consistency.LIVE;
  }

  /** Guest time, or the host's where the guest's is not known: 100 ns since 1601 UTC. */
  public long time() {
    Long guest = summary.getGuestTime();
    return guest != null ? guest : FileTime.ofMicros(summary.getEndedAt());
  }

  /**
   * The same clock at an earlier capture: 100 ns since 1601 UTC; null if there is none, or its time
   * is not known by this clock or is later than this capture's.
   */
  public Long timeOf(Moment earlier) {
    if (earlier == null) {
      return null;
    }
    Long time =
        summary.getGuestTime() != null
            ? earlier.getGuestTime()
            : (Long) FileTime.ofMicros(earlier.getStartedAt());
    return time == null || time > time() ? null : time;
  }

  public Moment moment() {
    return new Moment(
        number, summary.getGuestTime(), summary.getStartedAt(), summary.getEndedAt(), live());
  }
}
