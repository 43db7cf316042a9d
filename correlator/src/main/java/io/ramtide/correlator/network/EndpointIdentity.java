package io.ramtide.correlator.network;

import io.ramtide.schemas.EndpointFinding;
import java.util.List;

/**
 * Which findings are of one endpoint: the same object (its VA; where one is not known, its GPA)
 * with the same create time, protocol, addresses and ports. Pool memory is reused. What one of two
 * findings does not know does not tell them apart: a socket is bound first and connected later, and
 * its addresses may go before its block does.
 */
final class EndpointIdentity {
  private EndpointIdentity() {}

  /** Where an endpoint may be looked up; two findings of one endpoint share at least one. */
  record Place(boolean virtual, Long address, int ipVersion, boolean listening) {}

  static List<Place> places(EndpointFinding endpoint) {
    Place virtual = place(endpoint, true, endpoint.getObjectVa());
    Place physical = place(endpoint, false, endpoint.getObjectGpa());
    if (endpoint.getObjectVa() == null) {
      return List.of(physical);
    }
    return endpoint.getObjectGpa() == null ? List.of(virtual) : List.of(virtual, physical);
  }

  private static Place place(EndpointFinding endpoint, boolean virtual, Long address) {
    return new Place(virtual, address, endpoint.getIpVersion(), Endpoints.isListening(endpoint));
  }

  static boolean same(EndpointFinding a, EndpointFinding b) {
    return sameObject(a, b)
        && a.getProtocol().equals(b.getProtocol())
        && a.getIpVersion() == b.getIpVersion()
        && Endpoints.isListening(a) == Endpoints.isListening(b)
        && sameTime(a, b)
        && agree(a.getLocalPort(), b.getLocalPort())
        && agree(a.getRemotePort(), b.getRemotePort())
        && agree(a.getLocalAddress(), b.getLocalAddress())
        && agree(a.getRemoteAddress(), b.getRemoteAddress());
  }

  private static boolean sameObject(EndpointFinding a, EndpointFinding b) {
    if (a.getObjectVa() != null && b.getObjectVa() != null) {
      return a.getObjectVa().equals(b.getObjectVa());
    }
    return a.getObjectGpa() != null && a.getObjectGpa().equals(b.getObjectGpa());
  }

  /** A connection in TIME_WAIT is remembered with the create time of the connection. */
  private static boolean sameTime(EndpointFinding a, EndpointFinding b) {
    return a.getCreateTime() == null
        || b.getCreateTime() == null
        || a.getCreateTime().equals(b.getCreateTime())
        || (Endpoints.isTimeWait(a) && Endpoints.isTimeWait(b));
  }

  private static boolean agree(Integer a, Integer b) {
    return !Endpoints.isKnown(a) || !Endpoints.isKnown(b) || a.equals(b);
  }

  private static boolean agree(String a, String b) {
    return !Endpoints.isKnown(a) || !Endpoints.isKnown(b) || a.equals(b);
  }
}
