package io.ramtide.testkit.truth;

import java.util.List;

/**
 * A network endpoint: a TCP listener, a TCP connection, the block that is left of one in TIME_WAIT,
 * or a UDP endpoint. One object is one record, also where it serves both IP versions. VA: virtual
 * address, GPA: guest-physical address.
 *
 * @param id of the simulation: the same as long as the endpoint lives
 * @param protocol TCP or UDP
 * @param ipVersion 4 or 6, as its address family says
 * @param localAddress as text; 0.0.0.0 or :: where it takes any
 * @param localPort 1 to 65535
 * @param remoteAddress as text; null for listeners and UDP
 * @param remotePort null for listeners and UDP
 * @param state of TCP: LISTENING, SYN_SENT, SYN_RCVD, ESTABLISHED, FIN_WAIT1, FIN_WAIT2,
 *     CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT, CLOSED; null for UDP
 * @param pid of the owner; null: none, as in TIME_WAIT
 * @param processName image name of the owner, at most 14 characters; null without an owner
 * @param ownerVa VA of the owner's EPROCESS, 0 without
 * @param createTime FILETIME, 0: its structure has none
 * @param dualStack whether it takes IPv4 as well as IPv6: bound to no address, by family IPv6
 * @param stale whether its pool block was given back
 * @param seenBy ways to find it, of poolScan, partitionTable, portTable, in this order
 * @param objectVa VA of its structure
 * @param objectGpa GPA of its structure
 */
public record EndpointTruth(
    int id,
    String protocol,
    int ipVersion,
    String localAddress,
    int localPort,
    String remoteAddress,
    Integer remotePort,
    String state,
    Integer pid,
    String processName,
    long ownerVa,
    long createTime,
    boolean dualStack,
    boolean stale,
    List<String> seenBy,
    long objectVa,
    long objectGpa) {
  public EndpointTruth {
    seenBy = List.copyOf(seenBy);
  }
}
