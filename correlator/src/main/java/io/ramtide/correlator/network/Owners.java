package io.ramtide.correlator.network;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import io.ramtide.correlator.ecs.Text;
import io.ramtide.correlator.rule.Rules;
import io.ramtide.correlator.state.EndpointOwner;
import io.ramtide.correlator.state.TrackedProcess;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.OwnerStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The processes that endpoints may belong to. */
final class Owners {
  /**
   * The process of an endpoint.
   *
   * @param process as it was last known; null if it never was
   */
  record Owner(OwnerStatus status, EndpointOwner process) {}

  /** Thousands of endpoints may belong to one process, and each event tells its path. */
  static final int PATH = 1024;

  private static final Comparator<TrackedProcess> NEWEST =
      comparing(
              (TrackedProcess process) -> process.finding().getCreateTime(),
              nullsFirst(naturalOrder()))
          .thenComparing(TrackedProcess::number);

  private final Map<Long, List<TrackedProcess>> byPid = new HashMap<>();
  private final Map<Long, List<TrackedProcess>> byVa = new HashMap<>();
  private final boolean conclusive;

  /**
   * @param processes of the domain, as they are after the capture
   * @param conclusive whether all there are must be among them
   */
  Owners(List<TrackedProcess> processes, boolean conclusive) {
    this.conclusive = conclusive;
    for (TrackedProcess process : processes) {
      ProcessFinding finding = process.finding();
      byPid.computeIfAbsent(finding.getPid(), pid -> new ArrayList<>(1)).add(process);
      if (finding.getObjectVa() != null) {
        byVa.computeIfAbsent(finding.getObjectVa(), va -> new ArrayList<>(1)).add(process);
      }
    }
    byPid.values().forEach(candidates -> candidates.sort(NEWEST.reversed()));
    byVa.values().forEach(candidates -> candidates.sort(NEWEST.reversed()));
  }

  /**
   * @param before the owner as known before; null: none
   */
  Owner of(EndpointFinding endpoint, EndpointOwner before) {
    Long pid = pid(endpoint, before);
    boolean doubtful = !conclusive || pid == null;
    for (TrackedProcess process : candidates(pid, endpoint.getOwnerVa())) {
      ProcessFinding finding = process.finding();
      if (isPlace(finding, endpoint) && isStill(finding, before)) {
        if (wasThere(finding, endpoint)) {
          return new Owner(status(process), describe(finding));
        }
        // The same object, but younger: reused, or the guest's clock was set back.
        doubtful |= finding.getObjectVa() != null && endpoint.getOwnerVa() != null;
      }
    }
    EndpointOwner known = before != null && Objects.equals(before.getPid(), pid) ? before : null;
    return new Owner(doubtful ? OwnerStatus.unknown : OwnerStatus.gone, known);
  }

  private static Long pid(EndpointFinding endpoint, EndpointOwner before) {
    if (endpoint.getPid() != null || before == null) {
      return endpoint.getPid();
    }
    return before.getPid();
  }

  private List<TrackedProcess> candidates(Long pid, Long va) {
    return pid != null ? byPid.getOrDefault(pid, List.of()) : byVa.getOrDefault(va, List.of());
  }

  private static boolean isPlace(ProcessFinding process, EndpointFinding endpoint) {
    return endpoint.getOwnerVa() == null
        || process.getObjectVa() == null
        || endpoint.getOwnerVa().equals(process.getObjectVa());
  }

  /** PIDs are reused: the owner was there when the endpoint was made. */
  private static boolean wasThere(ProcessFinding process, EndpointFinding endpoint) {
    Long made = endpoint.getCreateTime();
    return made == null
        || ((process.getCreateTime() == null || process.getCreateTime() <= made)
            && (process.getExitTime() == null || process.getExitTime() >= made));
  }

  private static boolean isStill(ProcessFinding process, EndpointOwner before) {
    return before == null
        || before.getPid() != process.getPid()
        || before.getCreateTime() == null
        || process.getCreateTime() == null
        || before.getCreateTime().equals(process.getCreateTime());
  }

  private static OwnerStatus status(TrackedProcess process) {
    if (process.finding().getExitTime() != null) {
      return OwnerStatus.exited;
    }
    if (Rules.isHidden(process)) {
      return OwnerStatus.hidden;
    }
    boolean listed =
        process.lastSeen() == null && process.finding().getSeenBy().contains(View.activeList);
    return listed ? OwnerStatus.running : OwnerStatus.unknown;
  }

  private static EndpointOwner describe(ProcessFinding process) {
    return new EndpointOwner(
        process.getPid(),
        process.getImageName(),
        process.getCreateTime(),
        Text.bounded(process.getImagePath(), PATH),
        process.getObjectGpa());
  }
}
