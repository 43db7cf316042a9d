package io.ramtide.scanner.windows;

import io.ramtide.testkit.truth.EndpointTruth;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Endpoints in bulk, and tables of them that loop, lie, and lead everywhere. */
final class HostileEndpoints {
  private static final String SPARED = "endpoints";
  private static final int TABLES = 19041;
  private static final int BLOCK = 0x340;
  private static final int ENDLESS = 1 << 19;

  private HostileEndpoints() {}

  static Stream<HostileAttack> all() {
    return Stream.of(
        new HostileAttack(
                "130,000 endpoints of each kind that are copies",
                160,
                HostileEndpoints::copies,
                "endpoints: timeWait: only the first 65536 of")
            .sparing(SPARED),
        new HostileAttack(
                "tags of endpoints before random bytes",
                64,
                HostileEndpoints::random,
                "endpoints: pool: only the first 131072 of")
            .sparing(SPARED),
        new HostileAttack(
                "owners and addresses that lead to themselves, user space and nowhere",
                4,
                HostileEndpoints::pointers)
            .sparing("SYSTEM"),
        new HostileAttack(
                "hash chains that loop, in 2^32 partitions",
                64,
                HostileEndpoints::chains,
                "endpoints: PartitionCount is 4294967295: at most 1024 are read",
                "endpoints: partitions have no table of connections",
                "endpoints: a list of a hash table: Flink of")
            .only(TABLES)
            .sparing(SPARED),
        new HostileAttack(
                "10^6 hash tables of endless lists",
                64,
                HostileEndpoints::tables,
                "endpoints: lists and 262144 entries were read")
            .only(TABLES)
            .sparing(SPARED),
        new HostileAttack(
                "10^6 hash tables without lists", 8, HostileEndpoints::noLists, "endpoints: lacks")
            .only(TABLES)
            .sparing(SPARED),
        new HostileAttack(
                "chains of ports that loop",
                8,
                HostileEndpoints::portCycles,
                "endpoints: TcpPortPool: the chain at",
                "endpoints: UdpPortPool: a chain leads to 0x28000")
            .only(TABLES)
            .sparing(SPARED),
        new HostileAttack(
                "endless chains of ports",
                32,
                HostileEndpoints::portChains,
                "endpoints: TcpPortPool: only the first 131072 endpoints were read")
            .only(TABLES)
            .sparing(SPARED));
  }

  private static List<EndpointTruth> endpoints(HostileImage image) {
    return image.truth().endpoints().stream().filter(each -> !each.stale()).toList();
  }

  private static void copies(HostileImage image) {
    Map<String, EndpointTruth> kinds = new TreeMap<>();
    endpoints(image).forEach(each -> kinds.put(kind(each), each));
    List<EndpointTruth> all = List.copyOf(kinds.values());
    long bytes = image.left() & -4096L;
    long gpa = image.gpa(image.take(bytes));
    long at = 0;
    for (int i = 0; at + BLOCK <= bytes; i++) {
      EndpointTruth model = all.get(i % all.size());
      int size = (int) (image.memory().readLong(model.objectGpa() - 16) >>> 16 & 0xff) * 16;
      for (int k = 0; k < size; k += Long.BYTES) {
        image.memory().putLong(gpa + at + k, image.memory().readLong(model.objectGpa() - 16 + k));
      }
      at += size;
    }
  }

  private static String kind(EndpointTruth endpoint) {
    boolean isConnection = endpoint.remoteAddress() != null && endpoint.pid() != null;
    return isConnection ? "connection" : endpoint.protocol() + endpoint.state();
  }

  private static void random(HostileImage image) {
    Random random = new Random(5);
    String[] tags = {"TcpE", "TcpL", "UdpA", "TcTW"};
    long object = image.process("System").objectVa();
    long bytes = image.left() & -4096L;
    long gpa = image.gpa(image.take(bytes));
    for (long at = 0; at < bytes; at += 16) {
      boolean isHeader = at % 64 == 0;
      image.memory().putLong(gpa + at, isHeader ? 0x0240_0001L : random.nextLong());
      image.memory().putLong(gpa + at + 8, random.nextBoolean() ? object : random.nextLong());
      if (isHeader) {
        byte[] tag = tags[random.nextInt(4)].getBytes(StandardCharsets.US_ASCII);
        image.memory().put(gpa + at + 4, tag);
      }
    }
  }

  /** Every pointer of every endpoint, a third each. */
  private static void pointers(HostileImage image) {
    int i = 0;
    long user = HostileImage.inUserSpace(image.take(4096));
    for (EndpointTruth endpoint : endpoints(image)) {
      for (int at = 0; at < 0x80; at += Long.BYTES) {
        long value = image.memory().readLong(endpoint.objectGpa() + at);
        if (value >>> 47 == 0x1ffff) {
          long[] lies = {
            endpoint.objectVa(), user, 0xffff_9000_dead_bee0L, endpoint.objectVa() + at
          };
          image.memory().putLong(endpoint.objectGpa() + at, lies[i++ % lies.length]);
        }
      }
    }
  }

  // Tables

  private static long tcpip(HostileImage image, long rva) {
    return image.truth().kernelModules().stream()
            .filter(module -> module.name().equals("tcpip.sys"))
            .findFirst()
            .orElseThrow()
            .baseVa()
        + rva;
  }

  private static long partitionTable(HostileImage image) {
    return tcpip(image, 0x206110);
  }

  private static void partitions(HostileImage image, int count) {
    image.writeInt(tcpip(image, 0x206108), count);
  }

  private static void chains(HostileImage image) {
    long partition = image.read(partitionTable(image));
    for (int i = 0; i < 3; i++) {
      long table = image.read(partition + 8L * i);
      long directory = image.read(table + 0x20);
      long list = image.longList(64, 16);
      image.lead(directory, list);
      image.lead(directory + 16, directory + 16 + 16);
      image.writeInt(table + 0x14, 1);
    }
    partitions(image, -1);
  }

  /** Each partition has the same tables, side by side, of which each has the same lists. */
  private static void tables(HostileImage image) {
    long lists = image.longList(ENDLESS, 16);
    followingTables(image, lists, 128, 1);
  }

  private static void noLists(HostileImage image) {
    followingTables(image, image.take(4096), 1 << 20, 1);
  }

  private static void followingTables(HostileImage image, long directory, int size, int entries) {
    int count = 1024;
    long tables = image.take(count * 0x28L);
    for (int i = 0; i < count; i++) {
      image.writeInt(tables + i * 0x28L + 8, size);
      image.writeInt(tables + i * 0x28L + 0x14, entries);
      image.write(tables + i * 0x28L + 0x20, directory);
    }
    long partitions = image.take(count * 0xc0L);
    for (int i = 0; i < count; i++) {
      for (int table = 0; table < 3; table++) {
        image.write(partitions + i * 0xc0L + 8L * table, tables);
      }
    }
    image.write(partitionTable(image), partitions);
    partitions(image, count);
  }

  private static long portPool(HostileImage image, long rva) {
    long set = image.read(tcpip(image, rva));
    return image.read(image.read(image.read(set + 0x148) + 0x20));
  }

  /** The first table of ports of a pool. */
  private static long ports(HostileImage image, long pool) {
    for (int i = 0; i < 256; i++) {
      long part = image.read(pool + 0xe0 + 8L * i);
      if (part != 0) {
        return image.read(part + 0x18);
      }
    }
    throw new IllegalStateException("no ports");
  }

  private static void portCycles(HostileImage image) {
    long cycle = image.take(4096);
    for (int i = 0; i < 10; i++) {
      image.write(cycle + 16L * i, cycle + 16L * ((i + 1) % 10) | 1);
    }
    long tcp = ports(image, portPool(image, 0x206980));
    image.write(tcp + 0x10, cycle);
    image.write(tcp + 0x20 + 0x10, tcp + 0x20 + 0x10);
    long udp = ports(image, portPool(image, 0x205d28));
    image.write(udp + 0x10, HostileImage.inUserSpace(cycle));
    image.write(udp + 0x20 + 0x10, 0xffff_9000_dead_bee0L);
  }

  private static void portChains(HostileImage image) {
    long chain = image.longList(ENDLESS, 16);
    long tcp = ports(image, portPool(image, 0x206980));
    for (int port = 0; port < 256; port++) {
      image.write(tcp + 0x20L * port + 0x10, chain + 16L * 100 * port);
    }
  }
}
