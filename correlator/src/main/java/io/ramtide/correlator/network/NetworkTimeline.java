package io.ramtide.correlator.network;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.network.Matching.Arrival;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.correlator.state.Moment;
import io.ramtide.correlator.state.TrackedEndpoint;
import io.ramtide.correlator.state.TrackedProcess;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.NetworkDirection;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Turns the difference between what is known of a domain's endpoints and a capture into events. */
public final class NetworkTimeline {
  /** Endpoints kept of a domain though captures no longer show them. */
  public static final int MAX_UNSEEN = 16_384;

  /** Closed ones first, then those that were not seen for the longest time. */
  private static final Comparator<TrackedEndpoint> FORGOTTEN_FIRST =
      Comparator.comparing(TrackedEndpoint::open)
          .thenComparing(endpoint -> endpoint.lastSeen().getCapture())
          .thenComparing(TrackedEndpoint::number);

  private final DomainState domain;
  private final Capture capture;
  private final boolean complete;
  private final Owners owners;
  private final Directions directions;
  private final Matching matching;
  private final NetworkEvents events;
  private final List<TrackedEndpoint> seen = new ArrayList<>();
  private final List<TrackedEndpoint> unseen = new ArrayList<>();
  private long nextEndpoint;

  /**
   * @param events in time order
   * @param endpoints that are followed from now on
   * @param nextEndpoint number of the next new endpoint
   * @param conclusive whether the capture could have seen every endpoint
   */
  public record Difference(
      List<NetworkEvent> events,
      List<TrackedEndpoint> endpoints,
      long nextEndpoint,
      boolean conclusive) {}

  private NetworkTimeline(
      DomainState domain,
      List<TrackedEndpoint> tracked,
      Capture capture,
      List<TrackedProcess> processes) {
    this.domain = domain;
    this.capture = capture;
    complete = isComplete(capture);
    List<EndpointFinding> findings = NetworkOrder.unique(capture.endpoints());
    owners = new Owners(processes, capture.conclusive());
    directions = new Directions(tracked, findings);
    matching = new Matching(tracked, findings);
    events = new NetworkEvents(capture);
    nextEndpoint = domain.getNextEndpoint();
  }

  /**
   * @param domain as it was before the capture
   * @param tracked the domain's endpoints before the capture
   * @param capture a decoded one
   * @param processes of the domain after the capture, those it does not show included
   */
  public static Difference of(
      DomainState domain,
      List<TrackedEndpoint> tracked,
      Capture capture,
      List<TrackedProcess> processes) {
    return new NetworkTimeline(domain, tracked, capture, processes).difference();
  }

  /**
   * Whether all endpoints in the pages of the capture were found. A live capture whose process list
   * is broken may have seen a Windows that is being overwritten, as after a reset.
   */
  private static boolean isComplete(Capture capture) {
    return capture.decoded()
        && (capture.summary().getConsistency() != Consistency.LIVE
            || capture.summary().getActiveList() == ListStatus.complete)
        && capture.dropped(FindingKind.endpoint) == 0
        && capture
            .coverage("endpoints")
            .filter(coverage -> coverage.getStatus() == CoverageStatus.complete)
            .isPresent();
  }

  private Difference difference() {
    matching.pairs().forEach(pair -> seeAgain(pair.before(), pair.now()));
    matching.arrived().forEach(this::arrive);
    matching.leftBehind().forEach(remnant -> follow(false, owned(remnant)));
    matching.missing().forEach(this::miss);
    forgetTooMany();
    List<TrackedEndpoint> after = new ArrayList<>(seen);
    after.addAll(unseen);
    return new Difference(events.inOrder(), after, nextEndpoint, complete && isWhole());
  }

  /** Any page that is missing may hold an endpoint. */
  private boolean isWhole() {
    return capture.summary().getUnreadableFrames() == 0;
  }

  /**
   * Whether an endpoint that the capture does not show is not there. A page may be missing once;
   * one that is always missing never showed an endpoint. One that only tables showed, since its tag
   * was changed, is not there only if nothing is to be said of them.
   */
  private boolean isGone(TrackedEndpoint missing) {
    return complete
        && (isWhole() || missing.lastSeen() != null)
        && (missing.finding().getSeenBy().contains(View.poolScan)
            || capture.coverage("endpoints").map(Coverage::getDetail).isEmpty());
  }

  private void arrive(Arrival arrival) {
    EndpointFinding finding = arrival.finding();
    boolean open = Endpoints.isOpen(finding);
    OwnedEndpoint endpoint = owned(finding);
    Long opened = arrival.dated() ? openedAt(finding) : null;
    if (open) {
      events.opened(endpoint, opened, lastConclusive());
    } else if (opened != null && wasInUse(finding)) {
      events.opened(endpoint, opened, lastConclusive());
      events.closed(endpoint, capture.number(), lastConclusive());
    }
    follow(open, endpoint);
  }

  private void follow(boolean open, OwnedEndpoint endpoint) {
    seen.add(tracked(nextEndpoint++, capture.number(), open, endpoint));
  }

  private void seeAgain(TrackedEndpoint before, EndpointFinding now) {
    EndpointFinding known = Known.update(before.finding(), now);
    boolean open = Endpoints.isOpen(known);
    String oldState = before.finding().getState();
    OwnedEndpoint endpoint = owned(known, before);
    if (open && !before.open()) {
      Long opened = Endpoints.isBound(before.finding()) ? null : openedAt(known);
      events.opened(endpoint, opened, lastSeen(before));
    } else if (!open && before.open()) {
      events.closed(endpoint.inState(oldState), capture.number(), lastSeen(before));
    } else if (open && isChange(oldState, known)) {
      events.stateChanged(endpoint, oldState, lastSeen(before));
    }
    long changedIn = known.equals(before.finding()) ? before.capture() : capture.number();
    seen.add(tracked(before.number(), changedIn, open, endpoint));
  }

  private void miss(TrackedEndpoint before) {
    Moment last = lastSeen(before);
    if (!isGone(before)) {
      unseen.add(before.unseenSince(last));
    } else if (before.open()) {
      events.closed(owned(before.finding(), before), last.getCapture(), last);
    }
  }

  /** A guest that fakes endpoints could make the correlator remember without end. */
  private void forgetTooMany() {
    if (unseen.size() > MAX_UNSEEN) {
      unseen.sort(FORGOTTEN_FIRST);
      unseen.subList(0, unseen.size() - MAX_UNSEEN).clear();
    }
  }

  /**
   * When Windows says that a new endpoint was made, if that can be: after the last capture that
   * would have shown it, and before this one. Null otherwise: all that is known is the interval.
   */
  private Long openedAt(EndpointFinding finding) {
    Long made = finding.getCreateTime();
    boolean canBe = made != null && !isAfterCapture(made) && !isBefore(made, lastConclusive());
    return canBe ? made : null;
  }

  private boolean isAfterCapture(long made) {
    Long now = capture.summary().getGuestTime();
    return now != null && made > now + Capture.slack(capture.moment());
  }

  /** A capture's time and its pages are not of one instant. */
  private static boolean isBefore(long made, Moment moment) {
    return moment != null
        && moment.getGuestTime() != null
        && made < moment.getGuestTime() - Capture.slack(moment);
  }

  private OwnedEndpoint owned(EndpointFinding finding) {
    return new OwnedEndpoint(
        finding, owners.of(finding, null), directions.of(finding, NetworkDirection.unknown));
  }

  private OwnedEndpoint owned(EndpointFinding known, TrackedEndpoint before) {
    return new OwnedEndpoint(
        known, owners.of(known, before.owner()), directions.of(known, before.direction()));
  }

  private static TrackedEndpoint tracked(
      long number, long changedIn, boolean open, OwnedEndpoint endpoint) {
    return new TrackedEndpoint(
        number,
        changedIn,
        endpoint.finding(),
        null,
        open,
        endpoint.direction(),
        endpoint.owner().process());
  }

  /** A socket that was bound but never connected leaves no connection behind. */
  private static boolean wasInUse(EndpointFinding remnant) {
    return Endpoints.isListening(remnant)
        ? Endpoints.isBound(remnant)
        : Endpoints.hasRemote(remnant);
  }

  private static boolean isChange(String oldState, EndpointFinding now) {
    return !Endpoints.isListening(now) && oldState != null && !oldState.equals(now.getState());
  }

  private Moment lastSeen(TrackedEndpoint endpoint) {
    return endpoint.lastSeen() != null ? endpoint.lastSeen() : domain.getLastDecoded();
  }

  private Moment lastConclusive() {
    return domain.getLastEndpoints();
  }
}
