package io.ramtide.correlator.network;

import io.ramtide.schemas.EndpointFinding;

/** Both sides of a TCP connection: at any time a system has at most one between them. */
record Flow(
    int ipVersion, String localAddress, int localPort, String remoteAddress, int remotePort) {

  /** Null if it is no connection, or a part of it is not known. */
  static Flow of(EndpointFinding endpoint) {
    boolean whole =
        !Endpoints.isListening(endpoint)
            && Endpoints.isKnown(endpoint.getLocalAddress())
            && Endpoints.isKnown(endpoint.getLocalPort())
            && Endpoints.isKnown(endpoint.getRemoteAddress())
            && Endpoints.isKnown(endpoint.getRemotePort());
    return whole
        ? new Flow(
            endpoint.getIpVersion(),
            endpoint.getLocalAddress(),
            endpoint.getLocalPort(),
            endpoint.getRemoteAddress(),
            endpoint.getRemotePort())
        : null;
  }
}
