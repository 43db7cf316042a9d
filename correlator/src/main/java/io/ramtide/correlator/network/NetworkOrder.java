package io.ramtide.correlator.network;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.NetworkEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Total orders, so that the same captures always give the same records in the same order. */
final class NetworkOrder {
  /** By time, else by the interval's beginning; an endpoint opens before it closes. */
  static final Comparator<NetworkEvent> OF_EVENTS =
      comparing(NetworkOrder::begin, nullsFirst(naturalOrder()))
          .thenComparing(NetworkEvent::getProtocol)
          .thenComparing(NetworkEvent::getIpVersion)
          .thenComparing(NetworkEvent::getLocalAddress, nullsFirst(naturalOrder()))
          .thenComparing(NetworkEvent::getLocalPort)
          .thenComparing(NetworkEvent::getRemoteAddress, nullsFirst(naturalOrder()))
          .thenComparing(NetworkEvent::getRemotePort, nullsFirst(naturalOrder()))
          .thenComparing(NetworkEvent::getCreateTime, nullsFirst(naturalOrder()))
          .thenComparing(event -> event.getEvidence().getObjectGpa())
          .thenComparing(event -> event.getEvidence().getObjectVa(), nullsFirst(naturalOrder()))
          .thenComparing(NetworkOrder::step);

  private static final Comparator<EndpointFinding> OF_ENDPOINTS =
      comparing(EndpointFinding::getProtocol)
          .thenComparing(EndpointFinding::getIpVersion)
          .thenComparing(EndpointFinding::getLocalAddress, nullsFirst(naturalOrder()))
          .thenComparing(EndpointFinding::getLocalPort)
          .thenComparing(EndpointFinding::getRemoteAddress, nullsFirst(naturalOrder()))
          .thenComparing(EndpointFinding::getRemotePort, nullsFirst(naturalOrder()))
          .thenComparing(EndpointFinding::getCreateTime, nullsFirst(naturalOrder()))
          .thenComparing(EndpointFinding::getObjectGpa, nullsFirst(naturalOrder()))
          .thenComparing(EndpointFinding::getObjectVa, nullsFirst(naturalOrder()));

  private static final Comparator<EndpointFinding> OF_FINDINGS =
      OF_ENDPOINTS
          .thenComparing(EndpointFinding::getStale)
          .thenComparing(EndpointFinding::getState, nullsFirst(naturalOrder()))
          .thenComparing(EndpointFinding::getPid, nullsFirst(naturalOrder()));

  private NetworkOrder() {}

  /** In order. A scanner tells each endpoint once; if it does not, twice is not two endpoints. */
  static List<EndpointFinding> unique(List<EndpointFinding> findings) {
    List<EndpointFinding> unique = new ArrayList<>(findings.size());
    for (EndpointFinding finding : findings.stream().sorted(OF_FINDINGS).toList()) {
      boolean twin =
          !unique.isEmpty() && OF_ENDPOINTS.compare(unique.get(unique.size() - 1), finding) == 0;
      if (!twin) {
        unique.add(finding);
      }
    }
    return unique;
  }

  private static Long begin(NetworkEvent event) {
    return event.getTime() != null ? event.getTime() : event.getNotBefore();
  }

  private static int step(NetworkEvent event) {
    return switch (event.getType()) {
      case listeningOpened, connectionOpened -> 0;
      case connectionStateChanged, unknown -> 1;
      case listeningClosed, connectionClosed -> 2;
    };
  }
}
