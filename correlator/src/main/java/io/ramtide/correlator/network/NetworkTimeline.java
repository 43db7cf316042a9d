package io.ramtide.correlator.network;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.correlator.state.TrackedEndpoint;
import io.ramtide.correlator.state.TrackedProcess;
import io.ramtide.schemas.NetworkEvent;
import java.util.List;

/** Turns the difference between the known endpoints of a domain and a new capture into events. */
public final class NetworkTimeline {
  private NetworkTimeline() {}

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
    return new Difference(List.of(), tracked, domain.getNextEndpoint(), false);
  }
}
