package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.network.Memory.Place;
import io.ramtide.testkit.windows.pool.PoolBlock;

/**
 * tcpip.sys's table of connections: partitions with three hash tables each. A connection is in two
 * of them, Endpoints and Connections, by an entry of its own for each. The third stays empty.
 */
final class PartitionTable {

  static final int PARTITIONS = 2;
  private static final int BUCKETS = 128;
  private static final int TABLES_APART = 0x40;
  private static final String PARTITION = "_PARTITION";
  private static final String TABLE = "_RTL_DYNAMIC_HASH_TABLE";
  private static final String ENTRY = "_RTL_DYNAMIC_HASH_TABLE_ENTRY";

  private final Memory memory;
  private final Links links;
  private final long partitions;

  PartitionTable(Memory memory, TcpipImage image) {
    this.memory = memory;
    links = new Links(memory.space().kernel);
    int size = memory.facts().size(PARTITION);
    partitions = memory.allocate("partitions", PARTITIONS * size).body();
    for (int i = 0; i < PARTITIONS; i++) {
      write(memory.at(PARTITION, partitions + (long) i * size));
    }
    image.variable32("PartitionCount", PARTITIONS);
    image.variable("PartitionTable", partitions);
  }

  private void write(Place partition) {
    long tables = memory.allocate("hashTables", 3 * TABLES_APART).body();
    partition
        .u64("TimeWait", table(tables))
        .u64("Endpoints", table(tables + TABLES_APART))
        .u64("Connections", table(tables + 2 * TABLES_APART));
    links.init(partition.address("List"));
  }

  private long table(long va) {
    PoolBlock buckets = memory.allocate("buckets", BUCKETS * 16);
    for (int i = 0; i < BUCKETS; i++) {
      links.init(buckets.body() + 16L * i);
    }
    return memory
        .at(TABLE, va)
        .u32("TableSize", BUCKETS)
        .u32("DivisorMask", BUCKETS - 1)
        .u64("Directory", buckets.body())
        .va();
  }

  /** Enters a connection; {@code hash} decides its partition and bucket. */
  void add(long connection, int hash) {
    enter(connection, "ListEntry", "Endpoints", hash);
    enter(connection, "ListEntry2", "Connections", hash);
  }

  /** Takes a connection out. Its links still name their old neighbours. */
  void remove(long connection, int hash) {
    leave(connection, "ListEntry", "Endpoints", hash);
    leave(connection, "ListEntry2", "Connections", hash);
  }

  private void enter(long connection, String field, String table, int hash) {
    Place entry = memory.at(ENTRY, memory.at("_TCP_ENDPOINT", connection).address(field));
    long bucket = bucket(table, hash);
    count(table, hash, 1, empty(bucket) ? 1 : 0);
    links.insertTail(bucket, entry.va());
    entry.u64("Signature", Integer.toUnsignedLong(hash));
  }

  private void leave(long connection, String field, String table, int hash) {
    links.remove(memory.at("_TCP_ENDPOINT", connection).address(field));
    count(table, hash, -1, empty(bucket(table, hash)) ? -1 : 0);
  }

  private boolean empty(long bucket) {
    return memory.u64(bucket) == bucket;
  }

  private long bucket(String table, int hash) {
    return table(table, hash).u64("Directory") + 16L * (hash & BUCKETS - 1);
  }

  private Place table(String name, int hash) {
    int number = (hash >>> 16) % PARTITIONS;
    long partition = partitions + (long) number * memory.facts().size(PARTITION);
    return memory.at(TABLE, memory.at(PARTITION, partition).u64(name));
  }

  private void count(String name, int hash, int entries, int buckets) {
    Place table = table(name, hash);
    table.u32("NumEntries", (int) table.u64("NumEntries") + entries);
    table.u32("NonEmptyBuckets", (int) table.u64("NonEmptyBuckets") + buckets);
  }
}
