package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.windows.pool.PoolBlock;
import io.ramtide.testkit.windows.process.SimProcess;
import java.util.List;

/** An endpoint of the simulation. A listener and a UDP endpoint have no remote address. */
final class Endpoint {

  /** What an endpoint's structure is. */
  enum Kind {
    LISTENER,
    UDP,
    CONNECTION,
    TIME_WAIT
  }

  private static final List<String> CLOSING =
      List.of("FIN_WAIT1", "FIN_WAIT2", "CLOSING", "LAST_ACK");

  final int id;
  final Address local;
  final int localPort;
  final Address remote;
  final int remotePort;
  final long createTime;
  Kind kind;
  String state;
  SimProcess owner;
  PoolBlock block;
  boolean inTable;
  boolean stale;

  Endpoint(
      int id,
      Kind kind,
      SimProcess owner,
      Address local,
      int localPort,
      Address remote,
      int remotePort,
      String state,
      long createTime) {
    this.id = id;
    this.kind = kind;
    this.owner = owner;
    this.local = local;
    this.localPort = localPort;
    this.remote = remote;
    this.remotePort = remotePort;
    this.state = state;
    this.createTime = createTime;
  }

  /** Whether it outlives its process: a connection that is being closed. */
  boolean isClosing() {
    return kind == Kind.CONNECTION && CLOSING.contains(state);
  }

  /** Where a hash table has it. Connections to one port meet in few buckets. */
  int hash() {
    return remotePort * 0x9e3779b1 + (localPort & 15) * 0x85ebca6b;
  }
}
