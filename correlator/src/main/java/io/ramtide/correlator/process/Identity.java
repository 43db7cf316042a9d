package io.ramtide.correlator.process;

import io.ramtide.correlator.state.TrackedProcess;
import io.ramtide.schemas.ProcessFinding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which tracked process a finding is. A process is its PID, its create time and its object: Windows
 * reuses PIDs and pool memory, but an EPROCESS stays at its VA for its life. A field that one of
 * the two does not have (its page was not captured, or no mapping is known) does not tell them
 * apart.
 */
final class Identity {
  private record Place(long pid, boolean virtual, long address) {}

  private final Map<Place, List<TrackedProcess>> byPlace = new HashMap<>();

  Identity(List<TrackedProcess> tracked) {
    for (TrackedProcess process : tracked) {
      for (Place place : places(process.finding())) {
        byPlace.computeIfAbsent(place, p -> new ArrayList<>(1)).add(process);
      }
    }
  }

  /** The tracked process that the finding shows, each at most once; null if it is a new one. */
  TrackedProcess claim(ProcessFinding finding) {
    TrackedProcess best = null;
    for (Place place : places(finding)) {
      for (TrackedProcess candidate : byPlace.getOrDefault(place, List.of())) {
        if (same(candidate.finding(), finding)
            && (best == null || exact(candidate.finding(), finding))) {
          best = candidate;
        }
      }
    }
    if (best != null) {
      for (Place place : places(best.finding())) {
        byPlace.get(place).remove(best);
      }
    }
    return best;
  }

  private static boolean same(ProcessFinding a, ProcessFinding b) {
    boolean sameObject =
        (a.getObjectVa() != null && b.getObjectVa() != null)
            ? a.getObjectVa().equals(b.getObjectVa())
            : a.getObjectGpa() == b.getObjectGpa();
    boolean sameTime =
        a.getCreateTime() == null
            || b.getCreateTime() == null
            || a.getCreateTime().equals(b.getCreateTime());
    return a.getPid() == b.getPid() && sameObject && sameTime;
  }

  private static boolean exact(ProcessFinding a, ProcessFinding b) {
    return Objects.equals(a.getCreateTime(), b.getCreateTime());
  }

  private static List<Place> places(ProcessFinding finding) {
    Place physical = new Place(finding.getPid(), false, finding.getObjectGpa());
    return finding.getObjectVa() == null
        ? List.of(physical)
        : List.of(new Place(finding.getPid(), true, finding.getObjectVa()), physical);
  }
}
