package io.ramtide.cli.render.inspect;

import static io.ramtide.cli.render.Text.address;
import static io.ramtide.cli.render.Text.either;
import static io.ramtide.cli.render.Text.orStatus;
import static io.ramtide.cli.render.Text.time;
import static io.ramtide.cli.render.Text.views;

import io.ramtide.cli.render.SocketText;
import io.ramtide.schemas.EndpointFinding;

/** The columns of network endpoints, much as netstat has them. */
final class EndpointTable {
  private static final String STALE = "stale";

  private EndpointTable() {}

  static Listing create() {
    return KindTable.of(EndpointFinding.class)
        .text("PROTO", e -> SocketText.protocol(e.getProtocol(), e.getIpVersion()))
        .text(
            "LOCAL",
            e -> SocketText.of(e.getLocalAddress(), e.getAddressStatus(), e.getLocalPort()))
        .text("REMOTE", EndpointTable::remote)
        .text("STATE", EndpointTable::state)
        .number("PID", EndpointFinding::getPid)
        .text("PROCESS", e -> orStatus(e.getProcessName(), e.getOwnerStatus()))
        .text("CREATED (UTC)", e -> time(e.getCreateTime()))
        .text("OBJECT", e -> address(either(e.getObjectVa(), e.getObjectGpa())))
        .text("SEEN BY", e -> views(e.getSeenBy()));
  }

  /** Listeners and UDP endpoints have none. */
  private static String remote(EndpointFinding endpoint) {
    return endpoint.getRemotePort() == null
        ? null
        : SocketText.of(
            endpoint.getRemoteAddress(), endpoint.getAddressStatus(), endpoint.getRemotePort());
  }

  /** What is only a remnant in freed memory is marked. */
  private static String state(EndpointFinding endpoint) {
    if (!endpoint.getStale()) {
      return endpoint.getState();
    }
    return endpoint.getState() == null ? STALE : endpoint.getState() + ", " + STALE;
  }
}
