package io.ramtide.correlator.network;

import io.ramtide.correlator.state.TrackedEndpoint;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.NetworkDirection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who opened a connection, as far as endpoints tell: the guest, if it was seen in SYN_SENT; the
 * other side, if it was seen in SYN_RCVD or came to a port on which the guest listens or listened.
 */
final class Directions {
  private record Port(int ipVersion, String address, int port) {}

  private final Set<Port> listening = new HashSet<>();

  /**
   * @param tracked endpoints known before the capture
   * @param findings of the capture
   */
  Directions(List<TrackedEndpoint> tracked, List<EndpointFinding> findings) {
    Stream.concat(
            tracked.stream().filter(TrackedEndpoint::open).map(TrackedEndpoint::finding),
            findings.stream().filter(Endpoints::isOpen))
        .filter(Directions::isListener)
        .forEach(listener -> listening.add(local(listener)));
  }

  /**
   * @param before what was known; stays unless it was unknown
   */
  NetworkDirection of(EndpointFinding endpoint, NetworkDirection before) {
    if (before != NetworkDirection.unknown) {
      return before;
    }
    if (Endpoints.isListening(endpoint)) {
      return isListener(endpoint) ? NetworkDirection.ingress : NetworkDirection.unknown;
    }
    if ("SYN_SENT".equals(endpoint.getState())) {
      return NetworkDirection.egress;
    }
    return "SYN_RCVD".equals(endpoint.getState()) || listensOnPortOf(endpoint)
        ? NetworkDirection.ingress
        : NetworkDirection.unknown;
  }

  private boolean listensOnPortOf(EndpointFinding endpoint) {
    int port = endpoint.getLocalPort();
    return listening.contains(local(endpoint))
        || listening.contains(new Port(6, "::", port)) // Takes IPv4, too.
        || (endpoint.getIpVersion() == 4 && listening.contains(new Port(4, "0.0.0.0", port)));
  }

  private static boolean isListener(EndpointFinding endpoint) {
    return endpoint.getProtocol().equals("TCP") && Endpoints.isListening(endpoint);
  }

  private static Port local(EndpointFinding endpoint) {
    return new Port(endpoint.getIpVersion(), endpoint.getLocalAddress(), endpoint.getLocalPort());
  }
}
