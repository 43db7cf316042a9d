package io.ramtide.correlator.network;

import io.ramtide.schemas.EndpointFinding;
import java.util.Set;

/** What a finding of an endpoint says. */
final class Endpoints {
  private static final Set<String> ENDED = Set.of("CLOSED", "DELETE_TCB");
  private static final Set<String> ANY = Set.of("0.0.0.0", "::");

  private Endpoints() {}

  /** A TCP listener or a UDP endpoint; all else is a connection. */
  static boolean isListening(EndpointFinding endpoint) {
    return !endpoint.getProtocol().equals("TCP")
        || "LISTENING".equals(endpoint.getState())
        || endpoint.getRemotePort() == null;
  }

  /** Neither a remnant in free memory, nor done with, nor without a port yet. */
  static boolean isOpen(EndpointFinding endpoint) {
    return !endpoint.getStale()
        && isBound(endpoint)
        && (endpoint.getState() == null || !ENDED.contains(endpoint.getState()));
  }

  /** A socket that is being made, or a page of it read too early, has no port. */
  static boolean isBound(EndpointFinding endpoint) {
    return endpoint.getLocalPort() != 0;
  }

  /** The kernel ends a connection in a block of its own, which has another create time. */
  static boolean isTimeWait(EndpointFinding endpoint) {
    return "TIME_WAIT".equals(endpoint.getState());
  }

  /** Whether there is, or was, another side: a bound socket that never connected has none. */
  static boolean hasRemote(EndpointFinding endpoint) {
    return isKnown(endpoint.getRemotePort());
  }

  /** An address that says something: not one that stands for any, and one that could be read. */
  static boolean isKnown(String address) {
    return address != null && !ANY.contains(address);
  }

  static boolean isKnown(Integer port) {
    return port != null && port != 0;
  }

  static boolean isAny(String address) {
    return ANY.contains(address);
  }
}
