package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.windows.network.Memory.Place;

/**
 * tcpip.sys's table of bound ports of one protocol: a bitmap, and for every 256 ports a list of the
 * first endpoint of each. Endpoints of one port are chained. Addresses of endpoints are those of
 * their field Next, with bit 0 set.
 */
final class PortPool {

  private static final int PORTS = 0x10000;
  private static final int PAGE = 0x1000;
  private static final String POOL = "_INET_PORT_POOL";
  private static final String ENTRY = "_PORT_ASSIGNMENT_ENTRY";

  private final Memory memory;
  private final String type;
  private final Place pool;
  private final long bitmap;

  /**
   * An empty table.
   *
   * @param variable the variable of tcpip.sys that leads to it
   * @param compartmentTag tag of the protocol's compartment
   * @param type of its endpoints
   */
  PortPool(Memory memory, TcpipImage image, String variable, String compartmentTag, String type) {
    this.memory = memory;
    this.type = type;
    pool = memory.at(POOL, pages(memory.facts().size(POOL)));
    bitmap = pages(PORTS / 8);
    memory.space().kernel.putInt(pool.address("PortBitMap"), PORTS); // RTL_BITMAP.SizeOfBitMap
    memory.u64(pool.address("PortBitMap") + 8, bitmap); // RTL_BITMAP.Buffer
    long protocol =
        memory.make(compartmentTag, "_PROTOCOL_COMPARTMENT").u64("PortPool", pool.va()).va();
    long compartment =
        memory.make("compartment", "_INET_COMPARTMENT").u64("ProtocolCompartment", protocol).va();
    image.variable(
        variable,
        memory
            .make("compartmentSet", "_INET_COMPARTMENT_SET")
            .u64("InetCompartment", compartment)
            .va());
  }

  private long pages(int bytes) {
    return memory.pool().allocatePages((bytes + PAGE - 1) / PAGE);
  }

  /** Marks a port as taken without an endpoint, as a reservation does. */
  void reserve(int port) {
    entry(port);
    mark(port, true);
  }

  /** Enters an endpoint; the newest of a port is the first of its chain. */
  void add(long endpoint, int port) {
    long entry = entry(port);
    memory.at(type, endpoint).u64("Next", memory.u64(entry));
    memory.u64(entry, next(endpoint) | 1);
    mark(port, true);
  }

  /** Takes an endpoint out. Its own link still names its old neighbour. */
  void remove(long endpoint, int port) {
    long at = entry(port);
    while (memory.u64(at) != (next(endpoint) | 1)) {
      at = memory.u64(at) & -4;
    }
    memory.u64(at, memory.u64(next(endpoint)));
    mark(port, memory.u64(entry(port)) != 0);
  }

  private long next(long endpoint) {
    return memory.at(type, endpoint).address("Next");
  }

  /** VA of the address of a port's first endpoint. */
  private long entry(int port) {
    long at = pool.address("PortAssignments") + 8L * (port >>> 8);
    if (memory.u64(at) == 0) {
      long entries = pages(256 * memory.facts().size(ENTRY));
      memory.u64(
          at,
          memory.make("portAssignment", "_PORT_ASSIGNMENT").u64("InPaBigPoolBase", entries).va());
    }
    Place list = memory.at("_PORT_ASSIGNMENT", memory.u64(at));
    long first = list.u64("InPaBigPoolBase");
    return memory.at(ENTRY, first + (port & 255L) * memory.facts().size(ENTRY)).address("Entry");
  }

  private void mark(int port, boolean taken) {
    long at = bitmap + (port >>> 6) * 8L;
    long bit = 1L << (port & 63);
    memory.u64(at, taken ? memory.u64(at) | bit : memory.u64(at) & ~bit);
  }
}
