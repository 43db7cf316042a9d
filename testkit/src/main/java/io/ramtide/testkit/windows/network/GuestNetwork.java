package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.truth.EndpointTruth;
import java.util.ArrayList;
import java.util.List;

/**
 * The network endpoints of a guest. Addresses are IPv4 or IPv6 as text, without brackets or scope;
 * 0.0.0.0 and :: take any, and :: also takes IPv4. Processes must exist. An endpoint keeps its id
 * as long as it lives.
 */
public final class GuestNetwork {

  private final List<EndpointTruth> endpoints = new ArrayList<>();

  /** Opens a TCP listener or a UDP endpoint; {@code protocol} is TCP or UDP. Returns its id. */
  public int listen(int pid, String protocol, String address, int port) {
    return unfinished();
  }

  /** Opens a TCP connection in a state, such as SYN_SENT or ESTABLISHED. Returns its id. */
  public int connect(
      int pid, String local, int localPort, String remote, int remotePort, String state) {
    return unfinished();
  }

  /**
   * Moves a TCP connection to another state. In TIME_WAIT its structure is given back, and a
   * smaller one without an owner takes its place.
   */
  public void setState(int id, String state) {
    unfinished();
  }

  /** Closes an endpoint: nothing of it is left in RAM. */
  public void close(int id) {
    unfinished();
  }

  /** Closes an endpoint and leaves its structure in a free pool block, until another gets that. */
  public void free(int id) {
    unfinished();
  }

  /** Takes an endpoint out of tcpip.sys's tables, as a rootkit does; it keeps working. */
  public void hide(int id) {
    unfinished();
  }

  /** Opens a number of endpoints of all kinds in running processes. Returns their ids. */
  public List<Integer> bulk(int count) {
    return List.of(unfinished());
  }

  /** All endpoints in RAM, in the order of their ids. */
  public List<EndpointTruth> truth() {
    return List.copyOf(endpoints);
  }

  private static int unfinished() {
    throw new UnsupportedOperationException("endpoints are to come");
  }
}
