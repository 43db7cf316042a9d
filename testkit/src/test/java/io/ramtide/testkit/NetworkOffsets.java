package io.ramtide.testkit;

import io.ramtide.testkit.truth.EndpointTruth;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the tests know of a build's tcpip.sys, on their own: not from the testkit's data files.
 * Source: Volatility 3's netscan tables and netstat plugin, MemProcFS vmmnet.c for 22000 and for
 * TIME_WAIT, the public tables of tcpip.pdb.
 */
record NetworkOffsets(
    Structure connection,
    Structure listener,
    Structure udp,
    Structure timeWait,
    int family,
    int udpNext,
    long partitionTable,
    long tcpCompartments,
    long udpCompartments,
    int partitionSize,
    int bitmap,
    int portEntrySize,
    int portEntry) {

  /** Where a structure has its fields; -1 for one it has not. */
  record Structure(int family, int address, int port, int state, int owner, int time) {}

  private static final List<String> STATES =
      List.of(
          "CLOSED",
          "LISTENING",
          "SYN_SENT",
          "SYN_RCVD",
          "ESTABLISHED",
          "FIN_WAIT1",
          "FIN_WAIT2",
          "CLOSE_WAIT",
          "CLOSING",
          "LAST_ACK",
          "",
          "",
          "TIME_WAIT");
  private static final Structure LISTENER_10 = new Structure(0x28, 0x60, 0x72, -1, 0x30, 0x40);
  private static final Structure UDP_14393 = new Structure(0x20, 0x80, 0x78, -1, 0x28, 0x58);
  private static final Structure UDP_19041 = new Structure(0x20, 0xa8, 0xa0, -1, 0x28, 0x58);
  private static final Structure WAIT_10 = new Structure(0x30, 0x50, 0x4a, -1, -1, 0x98);

  static NetworkOffsets of(int build) {
    return switch (build) {
      case 7601 ->
          new NetworkOffsets(
              new Structure(0x18, 0x20, 0x6c, 0x68, 0x238, 0),
              new Structure(0x60, 0x58, 0x6a, -1, 0x28, 0x20),
              new Structure(0x20, 0x60, 0x80, -1, 0x28, 0x58),
              new Structure(0x30, 0x50, 0x48, -1, -1, -1),
              0x14,
              0,
              0,
              0,
              0,
              0,
              0,
              0,
              0);
      case 9600 ->
          new NetworkOffsets(
              new Structure(0x10, 0x18, 0x70, 0x6c, 0x258, 0),
              new Structure(0x60, 0x58, 0x6a, -1, 0x28, 0x40),
              new Structure(0x20, 0x60, 0x78, -1, 0x28, 0x58),
              new Structure(0x18, 0x38, 0x30, -1, -1, -1),
              0x18,
              0,
              0,
              0,
              0,
              0,
              0,
              0,
              0);
      case 14393 ->
          new NetworkOffsets(
              new Structure(0x10, 0x18, 0x70, 0x6c, 0x258, 0x268),
              LISTENER_10,
              UDP_14393,
              WAIT_10,
              0x18,
              0x70,
              0x1ce250,
              0x1ceca8,
              0x1cdcf0,
              0x80,
              0xd8,
              0x18,
              8);
      case 17763 ->
          new NetworkOffsets(
              new Structure(0x10, 0x18, 0x70, 0x6c, 0x2c8, 0x2d8),
              LISTENER_10,
              UDP_14393,
              WAIT_10,
              0x18,
              0x70,
              0x2042e8,
              0x204b48,
              0x203c90,
              0x80,
              0xd8,
              0x18,
              8);
      case 19041 ->
          new NetworkOffsets(
              new Structure(0x10, 0x18, 0x70, 0x6c, 0x2d8, 0x2e8),
              LISTENER_10,
              UDP_19041,
              WAIT_10,
              0x18,
              0x70,
              0x206110,
              0x206980,
              0x205d28,
              0xc0,
              0xd0,
              0x20,
              0x10);
      case 22000 ->
          new NetworkOffsets(
              new Structure(0x10, 0x18, 0x74, 0x70, 0x2f0, 0x300),
              LISTENER_10,
              UDP_19041,
              WAIT_10,
              0x18,
              0x70,
              0x2183f0,
              0x218c60,
              0x218048,
              0xc0,
              0xd0,
              0x20,
              0x10);
      default -> throw new IllegalArgumentException("build " + build);
    };
  }

  int listenerNext() {
    return 0x78;
  }

  /** What the truth says of an endpoint, as {@link #read} tells it. */
  String expected(EndpointTruth endpoint) {
    String text =
        "%d %s %d"
            .formatted(endpoint.ipVersion(), ip(endpoint.localAddress()), endpoint.localPort());
    if (endpoint.remoteAddress() != null) {
      text += " %s %d".formatted(ip(endpoint.remoteAddress()), endpoint.remotePort());
    }
    return text
        + " %s %x %d"
            .formatted(
                stateless(endpoint) ? "" : endpoint.state(),
                endpoint.ownerVa(),
                endpoint.createTime());
  }

  /** What is in an endpoint's structure. */
  String read(NaiveWalker kernel, EndpointTruth endpoint) {
    Structure structure = structure(endpoint);
    long va = endpoint.objectVa();
    int length = u16(kernel, kernel.u64(va + structure.family()) + family) == 23 ? 16 : 4;
    long address = kernel.u64(va + structure.address());
    String text =
        "%d %s %d"
            .formatted(
                length == 16 ? 6 : 4,
                local(kernel, endpoint, address, length),
                port(kernel, va + structure.port()));
    if (endpoint.remoteAddress() != null) {
      text +=
          " %s %d"
              .formatted(remote(kernel, endpoint, length), port(kernel, va + structure.port() + 2));
    }
    String state = stateless(endpoint) ? "" : STATES.get(u16(kernel, va + structure.state()));
    long owner = structure.owner() < 0 ? 0 : kernel.u64(va + structure.owner());
    long time = structure.time() < 0 ? 0 : kernel.u64(va + structure.time());
    return text + " %s %x %d".formatted(state, owner, time);
  }

  private static boolean stateless(EndpointTruth endpoint) {
    return endpoint.remoteAddress() == null || endpoint.state().equals("TIME_WAIT");
  }

  private Structure structure(EndpointTruth endpoint) {
    if (endpoint.protocol().equals("UDP")) {
      return udp;
    }
    return switch (endpoint.state()) {
      case "LISTENING" -> listener;
      case "TIME_WAIT" -> timeWait;
      default -> connection;
    };
  }

  private String local(NaiveWalker kernel, EndpointTruth endpoint, long address, int length) {
    if (address == 0) {
      return ip(length == 16 ? "::" : "0.0.0.0");
    }
    boolean direct = endpoint.protocol().equals("UDP") && udpNext != 0;
    boolean paired = structure(endpoint).equals(connection);
    long local = paired ? kernel.u64(address) : address;
    long bytes = direct ? kernel.u64(local) : kernel.u64(kernel.u64(local + 0x10));
    return ip(kernel.bytes(bytes, length));
  }

  private String remote(NaiveWalker kernel, EndpointTruth endpoint, int length) {
    long va = endpoint.objectVa();
    if (structure(endpoint).equals(connection)) {
      return ip(kernel.bytes(kernel.u64(kernel.u64(va + connection.address()) + 0x10), length));
    }
    long field = va + timeWait.address() + 8;
    return ip(kernel.bytes(timeWait.time() < 0 ? kernel.u64(field) : field, length));
  }

  private static String ip(String text) {
    try {
      return ip(InetAddress.getByName(text).getAddress());
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static String ip(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Adds the connections of all partitions to {@code found}; returns the longest chain's length.
   */
  int connections(NaiveWalker kernel, long tcpip, int table, int link, Set<Long> found) {
    long partitions = kernel.u64(tcpip + partitionTable);
    int longest = 0;
    for (int partition = 0; partition < 2; partition++) {
      long hashTable = kernel.u64(partitions + (long) partition * partitionSize + table);
      long directory = kernel.u64(hashTable + 0x20);
      int before = found.size();
      for (long bucket = directory; bucket < directory + 128 * 16; bucket += 16) {
        int chained = 0;
        for (long entry = kernel.u64(bucket); entry != bucket; entry = kernel.u64(entry)) {
          found.add(entry - link);
          chained++;
        }
        longest = Math.max(longest, chained);
      }
      int counted = (int) kernel.u64(hashTable + 0x14);
      if (counted != found.size() - before) {
        throw new AssertionError(counted + " connections are counted, not those there are");
      }
    }
    return longest;
  }

  /** The endpoints of the port table that a compartment set leads to. */
  Set<Long> bound(NaiveWalker kernel, long tcpip, long compartments, int next) {
    long set = kernel.u64(tcpip + compartments);
    long pool = kernel.u64(kernel.u64(kernel.u64(set + 0x148) + 0x20));
    long bits = kernel.u64(pool + bitmap + 8);
    Set<Long> found = new TreeSet<>();
    for (int port = 0; port < 0x10000; port += 64) {
      long word = kernel.u64(bits + port / 8);
      for (int bit = 0; word != 0 && bit < 64; bit++) {
        if ((word >>> bit & 1) != 0) {
          chain(kernel, pool, port + bit, next, found);
        }
      }
    }
    return found;
  }

  private void chain(NaiveWalker kernel, long pool, int port, int next, Set<Long> found) {
    long list = kernel.u64(pool + bitmap + 16 + 8L * (port >> 8));
    long entries = kernel.u64(list + 0x18);
    long at = kernel.u64(entries + (port & 255L) * portEntrySize + portEntry);
    while (at != 0) {
      found.add((at & -4) - next);
      at = kernel.u64(at & -4);
    }
  }

  private static int port(NaiveWalker kernel, long va) {
    return ByteBuffer.wrap(kernel.bytes(va, 2)).getShort() & 0xffff;
  }

  private static int u16(NaiveWalker kernel, long va) {
    return ByteBuffer.wrap(kernel.bytes(va, 2)).order(ByteOrder.LITTLE_ENDIAN).getShort() & 0xffff;
  }
}
