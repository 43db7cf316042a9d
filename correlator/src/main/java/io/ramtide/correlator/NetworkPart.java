package io.ramtide.correlator;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.network.NetworkTimeline;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.correlator.state.EndpointStore;
import io.ramtide.correlator.state.TrackedEndpoint;
import io.ramtide.correlator.state.TrackedProcess;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.NetworkEvent;
import java.util.List;
import java.util.Optional;

/** What a capture brings to the network endpoints of its domain. */
final class NetworkPart {
  private final EndpointStore store;

  NetworkPart(EndpointStore store) {
    this.store = store;
  }

  /**
   * @param before as the store has them
   * @param conclusive whether the capture could have seen every endpoint
   */
  record Outcome(
      List<TrackedEndpoint> before,
      List<TrackedEndpoint> after,
      List<NetworkEvent> events,
      long nextEndpoint,
      boolean conclusive) {}

  /**
   * Tells what changed; writes nothing yet.
   *
   * @param domain without a last decoded capture: nothing is compared with what the store has
   */
  Outcome compare(DomainState domain, CaptureOutput output, List<TrackedProcess> processes) {
    Capture capture = output.capture();
    List<TrackedEndpoint> before = store.all(capture.domain());
    if (!capture.decoded()) {
      return new Outcome(before, before, List.of(), domain.getNextEndpoint(), false);
    }
    List<TrackedEndpoint> known = domain.getLastDecoded() == null ? List.of() : before;
    NetworkTimeline.Difference difference = NetworkTimeline.of(domain, known, capture, processes);
    difference.events().forEach(output::tell);
    return new Outcome(
        before,
        difference.endpoints(),
        difference.events(),
        difference.nextEndpoint(),
        difference.conclusive());
  }

  void write(String domain, Outcome outcome) {
    store.replace(domain, outcome.before(), outcome.after());
  }

  /** What is missing. */
  static Optional<String> note(Capture capture) {
    int dropped = capture.dropped(FindingKind.endpoint);
    int kept = capture.endpoints().size();
    return dropped == 0
        ? Optional.empty()
        : Optional.of("only %d of %d endpoints were correlated".formatted(kept, kept + dropped));
  }
}
