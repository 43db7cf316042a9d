package io.ramtide.scanner.windows.network;

import io.ramtide.scanner.windows.network.EndpointType.Kind;
import io.ramtide.schemas.EndpointFinding;
import io.ramtide.schemas.View;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An endpoint as its structure has it.
 *
 * @param va of the structure
 * @param gpa of its first byte
 * @param state of TCP; null for UDP
 * @param remote null if its kind has none
 * @param owner null if its kind has none
 * @param createTime 100 ns since 1601 UTC; null if its kind has none, or what is there is no time
 */
record Endpoint(
    Kind kind,
    long va,
    long gpa,
    int ipVersion,
    String state,
    Side local,
    Side remote,
    Owners.Owner owner,
    Long createTime) {
  /** Why there is no address: none was set, as of a socket that was bound and never connected. */
  static final String NONE = "none";

  /**
   * One end.
   *
   * @param address null if it could not be read
   * @param status why not
   */
  record Side(String address, String status, int port) {}

  /** Why an address could not be read; null if all were. */
  String addressStatus() {
    return local.status() == null && remote != null ? remote.status() : local.status();
  }

  String ownerStatus() {
    return owner == null ? null : owner.status();
  }

  /** Why something that it has could not be read; null if all was. */
  String unread() {
    return Stream.of(local.status(), remote == null ? NONE : remote.status(), ownerStatus())
        .filter(status -> status != null && !status.equals(NONE))
        .findFirst()
        .orElse(null);
  }

  EndpointFinding finding(Set<View> seenBy, boolean isStale) {
    return EndpointFinding.newBuilder()
        .setProtocol(kind == Kind.udp ? "UDP" : "TCP")
        .setIpVersion(ipVersion)
        .setLocalAddress(local.address())
        .setLocalPort(local.port())
        .setRemoteAddress(remote == null ? null : remote.address())
        .setRemotePort(remote == null ? null : remote.port())
        .setAddressStatus(addressStatus())
        .setState(state)
        .setPid(owner == null ? null : owner.pid())
        .setProcessName(owner == null ? null : owner.name())
        .setOwnerVa(owner == null ? null : owner.va())
        .setOwnerStatus(ownerStatus())
        .setCreateTime(createTime)
        .setStale(isStale)
        .setObjectVa(va)
        .setObjectGpa(gpa)
        .setSeenBy(List.copyOf(seenBy))
        .build();
  }
}
