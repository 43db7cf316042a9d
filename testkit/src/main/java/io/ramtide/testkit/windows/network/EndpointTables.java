package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.windows.network.Endpoint.Kind;
import java.util.List;

/** tcpip.sys's tables of endpoints, if it is known where this build has them. */
final class EndpointTables {

  private final PartitionTable partitions;
  private final PortPool tcp;
  private final PortPool udp;

  private EndpointTables(PartitionTable partitions, PortPool tcp, PortPool udp) {
    this.partitions = partitions;
    this.tcp = tcp;
    this.udp = udp;
  }

  static EndpointTables of(Memory memory, TcpipImage image) {
    if (!memory.facts().hasTables()) {
      return new EndpointTables(null, null, null);
    }
    PortPool tcp =
        new PortPool(memory, image, "TcpCompartmentSet", "tcpCompartment", "_TCP_LISTENER");
    PortPool udp =
        new PortPool(memory, image, "UdpCompartmentSet", "udpCompartment", "_UDP_ENDPOINT");
    tcp.reserve(50_000);
    return new EndpointTables(new PartitionTable(memory, image), tcp, udp);
  }

  /** Enters an endpoint that belongs into a table. */
  void add(Endpoint endpoint) {
    boolean belongs = endpoint.kind != Kind.TIME_WAIT && !"CLOSED".equals(endpoint.state);
    if (partitions == null || !belongs) {
      return;
    }
    long va = endpoint.block.body();
    if (endpoint.kind == Kind.CONNECTION) {
      partitions.add(va, endpoint.hash());
    } else {
      ports(endpoint).add(va, endpoint.localPort);
    }
    endpoint.inTable = true;
  }

  /** Takes an endpoint out, if it is in a table. */
  void remove(Endpoint endpoint) {
    if (!endpoint.inTable) {
      return;
    }
    long va = endpoint.block.body();
    if (endpoint.kind == Kind.CONNECTION) {
      partitions.remove(va, endpoint.hash());
    } else {
      ports(endpoint).remove(va, endpoint.localPort);
    }
    endpoint.inTable = false;
  }

  /** The ways to find an endpoint. */
  List<String> views(Endpoint endpoint) {
    if (!endpoint.inTable) {
      return List.of("poolScan");
    }
    return List.of("poolScan", endpoint.kind == Kind.CONNECTION ? "partitionTable" : "portTable");
  }

  private PortPool ports(Endpoint endpoint) {
    return endpoint.kind == Kind.UDP ? udp : tcp;
  }
}
