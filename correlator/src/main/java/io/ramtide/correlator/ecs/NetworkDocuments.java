package io.ramtide.correlator.ecs;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.schemas.NetworkEvent;

/** Documents of network events. */
final class NetworkDocuments {
  private NetworkDocuments() {}

  static byte[] of(Capture capture, NetworkEvent event) {
    long time = event.getTime() != null ? event.getTime() : event.getNotAfter();
    return new EcsDocument(capture, time, event.getType().name())
        .event("event", "network", "info", "network-" + event.getType(), "ramtide.network")
        .evidence(event.getEvidence())
        .bytes();
  }
}
