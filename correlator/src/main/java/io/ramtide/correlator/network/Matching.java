package io.ramtide.correlator.network;

import io.ramtide.correlator.network.EndpointIdentity.Place;
import io.ramtide.correlator.state.TrackedEndpoint;
import io.ramtide.schemas.EndpointFinding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which known endpoints the findings of a capture are. Live endpoints come first, then connections
 * that went into TIME_WAIT, which are known by their addresses, and then remnants: memory that a
 * connection left behind while another block keeps it in TIME_WAIT is not its end.
 */
final class Matching {
  /** A known endpoint as the capture has it. */
  record Pair(TrackedEndpoint before, EndpointFinding now) {}

  /**
   * An endpoint that was not known.
   *
   * @param dated whether its create time is its own: that of a block that keeps a connection in
   *     TIME_WAIT is later than the connection
   */
  record Arrival(EndpointFinding finding, boolean dated) {}

  private final Map<Place, List<TrackedEndpoint>> byPlace = new HashMap<>();
  private final Map<Flow, Deque<TrackedEndpoint>> byFlow = new HashMap<>();
  private final Set<Long> claimed = new HashSet<>();
  private final List<Pair> pairs = new ArrayList<>();
  private final List<Arrival> arrived = new ArrayList<>();
  private final List<EndpointFinding> leftBehind = new ArrayList<>();
  private final List<TrackedEndpoint> missing;

  /**
   * @param findings of a capture, in a fixed order
   */
  Matching(List<TrackedEndpoint> tracked, List<EndpointFinding> findings) {
    tracked.forEach(this::index);
    List<EndpointFinding> open = findings.stream().filter(Endpoints::isOpen).toList();
    List<EndpointFinding> remnants =
        findings.stream().filter(finding -> !Endpoints.isOpen(finding)).toList();
    List<EndpointFinding> newOpen = claimByFlow(claimByObject(open));
    List<EndpointFinding> newRemnants = claimByObject(remnants);
    arrive(open, newOpen, newRemnants);
    missing = tracked.stream().filter(endpoint -> !claimed.contains(endpoint.number())).toList();
  }

  /** Known endpoints that the capture shows. */
  List<Pair> pairs() {
    return pairs;
  }

  List<Arrival> arrived() {
    return arrived;
  }

  /** Former blocks of connections that are in TIME_WAIT now: nothing is to be told of them. */
  List<EndpointFinding> leftBehind() {
    return leftBehind;
  }

  /** Known endpoints that the capture does not show. */
  List<TrackedEndpoint> missing() {
    return missing;
  }

  private void index(TrackedEndpoint endpoint) {
    for (Place place : EndpointIdentity.places(endpoint.finding())) {
      byPlace.computeIfAbsent(place, p -> new ArrayList<>(1)).add(endpoint);
    }
    Flow flow = Flow.of(endpoint.finding());
    if (endpoint.open() && flow != null) {
      byFlow.computeIfAbsent(flow, f -> new ArrayDeque<>(1)).add(endpoint);
    }
  }

  private List<EndpointFinding> claimByObject(List<EndpointFinding> findings) {
    List<EndpointFinding> rest = new ArrayList<>();
    for (EndpointFinding finding : findings) {
      TrackedEndpoint known = knownObject(finding);
      if (known == null) {
        rest.add(finding);
      } else {
        claim(known, finding);
      }
    }
    return rest;
  }

  private TrackedEndpoint knownObject(EndpointFinding finding) {
    TrackedEndpoint best = null;
    for (Place place : EndpointIdentity.places(finding)) {
      for (TrackedEndpoint candidate : byPlace.getOrDefault(place, List.of())) {
        if (!claimed.contains(candidate.number())
            && EndpointIdentity.same(candidate.finding(), finding)
            && (best == null || isBetter(candidate, best, finding))) {
          best = candidate;
        }
      }
    }
    return best;
  }

  private static boolean isBetter(
      TrackedEndpoint candidate, TrackedEndpoint best, EndpointFinding finding) {
    return isExact(candidate, finding) && !isExact(best, finding);
  }

  private static boolean isExact(TrackedEndpoint candidate, EndpointFinding finding) {
    return Objects.equals(candidate.finding().getCreateTime(), finding.getCreateTime());
  }

  private List<EndpointFinding> claimByFlow(List<EndpointFinding> findings) {
    List<EndpointFinding> rest = new ArrayList<>();
    for (EndpointFinding finding : findings) {
      TrackedEndpoint known = Endpoints.isTimeWait(finding) ? knownFlow(Flow.of(finding)) : null;
      if (known == null) {
        rest.add(finding);
      } else {
        claim(known, finding);
      }
    }
    return rest;
  }

  private TrackedEndpoint knownFlow(Flow flow) {
    Deque<TrackedEndpoint> candidates = flow == null ? null : byFlow.get(flow);
    while (candidates != null && !candidates.isEmpty()) {
      TrackedEndpoint candidate = candidates.poll();
      if (!claimed.contains(candidate.number())) {
        return candidate;
      }
    }
    return null;
  }

  private void claim(TrackedEndpoint known, EndpointFinding finding) {
    claimed.add(known.number());
    pairs.add(new Pair(known, finding));
  }

  private void arrive(
      List<EndpointFinding> open,
      List<EndpointFinding> newOpen,
      List<EndpointFinding> newRemnants) {
    Map<Flow, EndpointFinding> formerBlocks = new HashMap<>();
    Set<Flow> waiting = new HashSet<>();
    open.stream().filter(Endpoints::isTimeWait).map(Flow::of).forEach(waiting::add);
    for (EndpointFinding remnant : newRemnants) {
      Flow flow = Flow.of(remnant);
      if (flow != null && waiting.contains(flow)) {
        formerBlocks.put(flow, remnant);
        leftBehind.add(remnant);
      } else {
        arrived.add(new Arrival(remnant, !Endpoints.isTimeWait(remnant)));
      }
    }
    for (EndpointFinding finding : newOpen) {
      boolean timeWait = Endpoints.isTimeWait(finding);
      EndpointFinding former = timeWait ? formerBlocks.get(Flow.of(finding)) : null;
      if (former == null) {
        arrived.add(new Arrival(finding, !timeWait));
      } else {
        arrived.add(new Arrival(Known.update(former, finding), former.getCreateTime() != null));
      }
    }
  }
}
