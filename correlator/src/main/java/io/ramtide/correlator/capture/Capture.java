package io.ramtide.correlator.capture;

import io.ramtide.correlator.state.Moment;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.HiveFinding;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A closed capture: all that was found in it, but for registry keys, which are too many to hold.
 *
 * @param system null if no kernel was recognised
 * @param processes in a fixed order, each once
 * @param hives in the order they came
 * @param endpoints in the order they came
 * @param dropped findings beyond what is correlated of one capture, by kind; none: 0
 */
public record Capture(
    String domain,
    long number,
    Summary summary,
    SystemFinding system,
    List<ProcessFinding> processes,
    List<HiveFinding> hives,
    List<EndpointFinding> endpoints,
    Map<FindingKind, Integer> dropped) {
  /** The least by which times of one clock may differ: 100 ns. */
  public static final long SLACK = 10_000_000L;

  private static final long PER_MICROSECOND = 10;

  public Capture {
    processes = List.copyOf(processes);
    hives = List.copyOf(hives);
    endpoints = List.copyOf(endpoints);
    dropped = Map.copyOf(dropped);
  }

  /** Whether it was decoded at all. */
  public boolean decoded() {
    return summary.getStatus() == CaptureStatus.DECODED;
  }

  /** Whether it would show every process there is: only then absence proves something. */
  public boolean conclusive() {
    return decoded()
        && dropped(FindingKind.process) == 0
        && summary.getActiveList() == ListStatus.complete
        && (summary.getCoverage().isEmpty() || coverage("processes").isPresent());
  }

  /** How many findings of a kind came but are not here. */
  public int dropped(FindingKind kind) {
    return dropped.getOrDefault(kind, 0);
  }

  /**
   * What the scanner says of a kind; empty if it was not asked for it.
   *
   * @param kind as inspect --what has it: processes, hives, registry, endpoints, ...
   */
  public Optional<Coverage> coverage(String kind) {
    return summary.getCoverage().stream().filter(c -> c.getKind().equals(kind)).findFirst();
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

  /**
   * By how much a page of a capture may be older or newer than the capture's time: {@link #SLACK},
   * and for a LIVE one its duration. 100 ns.
   */
  public static long slack(Moment moment) {
    long duration = Math.max(0, moment.getEndedAt() - moment.getStartedAt()) * PER_MICROSECOND;
    return SLACK + (moment.getLive() ? duration : 0);
  }
}
