package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.windows.network.Endpoint.Kind;
import io.ramtide.testkit.windows.network.Memory.Place;
import io.ramtide.testkit.windows.pool.PoolBlock;

/** Writes the structures of endpoints. */
final class EndpointWriter {

  private final Memory memory;
  private final Addresses addresses;

  EndpointWriter(Memory memory, Addresses addresses) {
    this.memory = memory;
    this.addresses = addresses;
  }

  /** The structure of an endpoint in a new block. */
  PoolBlock write(Endpoint endpoint) {
    return switch (endpoint.kind) {
      case LISTENER, UDP -> bound(endpoint);
      case CONNECTION -> connection(endpoint);
      case TIME_WAIT -> timeWait(endpoint);
    };
  }

  /** What the pool tag of an endpoint is called. */
  static String tag(Kind kind) {
    return switch (kind) {
      case LISTENER -> "listener";
      case UDP -> "udp";
      case CONNECTION -> "connection";
      case TIME_WAIT -> "timeWait";
    };
  }

  /** The structure of an endpoint. */
  static String type(Kind kind) {
    return switch (kind) {
      case LISTENER -> "_TCP_LISTENER";
      case UDP -> "_UDP_ENDPOINT";
      case CONNECTION -> "_TCP_ENDPOINT";
      case TIME_WAIT -> "_TCP_TIMEWAIT";
    };
  }

  void state(Endpoint connection) {
    place(connection, connection.block).u32("State", memory.facts().state(connection.state));
  }

  /** FILETIME that the structure of an endpoint has; 0 if it has none. */
  long createTime(Endpoint endpoint) {
    boolean has = memory.facts().has(type(endpoint.kind), "CreateTime");
    return has ? endpoint.createTime : 0;
  }

  private PoolBlock bound(Endpoint endpoint) {
    PoolBlock block = block(endpoint);
    boolean udp = endpoint.kind == Kind.UDP;
    place(endpoint, block)
        .u64("InetAF", addresses.family(endpoint.local.version()))
        .u64("Owner", endpoint.owner.objectVa())
        .u64("CreateTime", endpoint.createTime)
        .u64(
            "LocalAddr", udp ? addresses.udpLocal(endpoint.local) : addresses.local(endpoint.local))
        .port("Port", endpoint.localPort);
    return block;
  }

  private PoolBlock connection(Endpoint endpoint) {
    PoolBlock block = block(endpoint);
    place(endpoint, block)
        .u64("InetAF", addresses.family(endpoint.local.version()))
        .u64("AddrInfo", addresses.pair(endpoint.local, endpoint.remote))
        .u32("State", memory.facts().state(endpoint.state))
        .port("LocalPort", endpoint.localPort)
        .port("RemotePort", endpoint.remotePort)
        .u64("Owner", endpoint.owner.objectVa())
        .u64("CreateTime", endpoint.createTime)
        .u64IfPresent("CreateTime2", endpoint.createTime);
    return block;
  }

  private PoolBlock timeWait(Endpoint endpoint) {
    PoolBlock block = block(endpoint);
    Place place =
        place(endpoint, block)
            .u64("InetAF", addresses.family(endpoint.local.version()))
            .port("LocalPort", endpoint.localPort)
            .port("RemotePort", endpoint.remotePort)
            .u64("LocalAddr", addresses.local(endpoint.local))
            .u64IfPresent("CreateTime", endpoint.createTime);
    if (memory.facts().has("_TCP_TIMEWAIT", "RemoteInline")) {
      memory.space().kernel.put(place.address("RemoteInline"), endpoint.remote.bytes());
    } else {
      place.u64("RemoteAddress", addresses.bytes(endpoint.remote));
    }
    return block;
  }

  private PoolBlock block(Endpoint endpoint) {
    return memory.block(tag(endpoint.kind), type(endpoint.kind));
  }

  private Place place(Endpoint endpoint, PoolBlock block) {
    return memory.at(type(endpoint.kind), block.body());
  }
}
