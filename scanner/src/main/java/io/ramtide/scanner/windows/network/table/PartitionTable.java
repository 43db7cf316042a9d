package io.ramtide.scanner.windows.network.table;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** tcpip.sys's partitions, a number for its processors, each with hash tables of connections. */
final class PartitionTable {
  /** Partitions that are read; MemProcFS takes more than 64 for garbage. */
  static final int MAX_PARTITIONS = 1 << 10;

  private static final String TABLE = "PartitionTable";
  private static final String COUNT = "PartitionCount";
  private static final List<String> HASH_TABLES = List.of("Tables0", "Tables1", "Tables2");

  /** The hash table that has every connection. */
  private static final String CONNECTIONS = "Tables1";

  private final Guest guest;
  private final TableNotes notes;
  private final Set<Long> entries = new HashSet<>();
  private final HashTables tables;
  private int noPartitions;

  private PartitionTable(Guest guest, TableNotes notes) {
    this.guest = guest;
    this.notes = notes;
    this.tables = new HashTables(guest, entries);
  }

  /**
   * VAs of the entries in the hash tables, by which these link endpoints.
   *
   * @param notes takes what could not be read
   */
  static Set<Long> entries(TcpipModule tcpip, TableNotes notes) {
    PartitionTable table = new PartitionTable(tcpip.guest(), notes);
    table.read(tcpip);
    table.tables.troubles().forEach(why -> notes.broken(TABLE + ": " + why));
    return table.entries;
  }

  private void read(TcpipModule tcpip) {
    OptionalLong first = tcpip.pointer(TABLE);
    OptionalLong at = tcpip.variable(COUNT);
    OptionalLong count = at.isPresent() ? guest.space().dword(at.getAsLong()) : at;
    if (first.isEmpty() || count.isEmpty()) {
      notes.unusable("%s: %s cannot be read".formatted(TABLE, first.isEmpty() ? TABLE : COUNT));
      return;
    }
    if (count.getAsLong() == 0 || count.getAsLong() > MAX_PARTITIONS) {
      notes.broken(
          "%s: %s is %d: at most %d are read"
              .formatted(TABLE, COUNT, count.getAsLong(), MAX_PARTITIONS));
    }
    int partitions = (int) Math.min(count.getAsLong(), MAX_PARTITIONS);
    StructType type = type(first.getAsLong(), partitions);
    for (int i = 0; i < partitions; i++) {
      partition(
          Struct.read(guest.space(), type, first.getAsLong() + (long) i * type.size()), partitions);
    }
    if (noPartitions > 0) {
      notes.broken(
          "%s: %d of %d partitions have no table of connections"
              .formatted(TABLE, noPartitions, partitions));
    }
  }

  /** The first under which all are partitions; else the first. */
  private StructType type(long first, int partitions) {
    List<StructType> types = TableFacts.of(guest, "PARTITION");
    return types.stream()
        .filter(type -> isPartition(type, first + (long) (partitions - 1) * type.size()))
        .findFirst()
        .orElse(types.get(0));
  }

  private boolean isPartition(StructType type, long va) {
    return tables.isTable(Struct.read(guest.space(), type, va).u64(CONNECTIONS).orElse(0));
  }

  private void partition(Struct partition, int partitions) {
    for (String field : HASH_TABLES) {
      OptionalLong table = partition.u64(field);
      if (table.isPresent() && tables.isTable(table.getAsLong())) {
        tables.walk(table.getAsLong());
        if (field.equals("Tables2")) {
          following(table.getAsLong(), partitions);
        }
      } else if (field.equals(CONNECTIONS)) {
        noPartitions++;
      }
    }
  }

  /** Later builds have one for each partition, side by side. */
  private void following(long first, int partitions) {
    long va = first + tables.size();
    for (int i = 1; i < partitions && tables.isTable(va); i++) {
      tables.walk(va);
      va += tables.size();
    }
  }
}
