package io.ramtide.scanner.windows.network.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.TinyGuest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Partitions, hash tables and tables of ports, as they should be and as a hostile guest has them.
 */
class TcpipTablesTest {
  private static final long BASE = 0xffff_f800_1000_0000L;
  private static final int PARTITION_BYTES = 0xc0;
  private static final int ENTRY_BYTES = 0x20;

  private final TinyGuest tiny = new TinyGuest(SymbolStore.shipped().layout("win10-19041"));
  private final Guest guest = tiny.process().guest();
  private final TcpipModule tcpip =
      new TcpipModule(
          guest,
          BASE,
          Map.of(
              "PartitionTable",
              0x10L,
              "PartitionCount",
              0x18L,
              "TcpCompartmentSet",
              0x20L,
              "UdpCompartmentSet",
              0x28L));
  private final TableNotes notes = new TableNotes();

  /** An array of empty lists. */
  private long lists(int count) {
    long va = tiny.alloc(count * 16);
    for (int i = 0; i < count; i++) {
      head(va + i * 16L);
    }
    return va;
  }

  private void head(long va) {
    tiny.put(va, 8, va);
    tiny.put(va + 8, 8, va);
  }

  private long entry(long list) {
    long entry = tiny.alloc(0x30);
    long first = guest.space().qword(list).orElseThrow();
    tiny.put(entry, 8, first);
    tiny.put(entry + 8, 8, list);
    tiny.put(list, 8, entry);
    tiny.put(first + 8, 8, entry);
    return entry;
  }

  private long table(long size, long directory) {
    long va = tiny.alloc(0x40);
    tiny.put(va + 8, 4, size);
    tiny.put(va + 0x14, 4, 1);
    tiny.put(va + 0x20, 8, directory);
    return va;
  }

  private void partitions(int count, long first) {
    tiny.put(BASE + 0x10, 8, first);
    tiny.put(BASE + 0x18, 4, count);
  }

  private Set<Long> entries() {
    return PartitionTable.entries(tcpip, notes);
  }

  private Set<Long> walk(long table, int maxEntries) {
    Set<Long> entries = new HashSet<>();
    HashTables tables = new HashTables(guest, entries, maxEntries);
    tables.walk(table);
    tables.troubles().forEach(notes::broken);
    return entries;
  }

  @Test
  void connections_ofEveryPartitionAndChain_areMet() {
    long partitions = tiny.alloc(3 * PARTITION_BYTES);
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      long lists = lists(128);
      expected.add(entry(lists + 16 * 5));
      expected.add(entry(lists + 16 * 5));
      expected.add(entry(lists + 16 * 127));
      tiny.put(partitions + (long) i * PARTITION_BYTES + 8, 8, table(128, lists));
    }
    partitions(3, partitions);

    assertThat(entries()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(notes.broken()).isEmpty();
    assertThat(notes.unusable()).isEmpty();
  }

  @Test
  void tableThatHasGrown_isReadByItsDirectory() {
    long directory = tiny.alloc(16 * 8);
    long first = lists(128);
    long second = lists(256);
    long third = lists(8);
    tiny.put(directory, 8, first);
    tiny.put(directory + 8, 8, second);
    tiny.put(directory + 16, 8, third);
    List<Long> expected = List.of(entry(first), entry(second + 16 * 255), entry(third + 16 * 7));

    assertThat(walk(table(128 + 256 + 8, directory), 1000))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(notes.broken()).isEmpty();
    assertThat(notes.unusable()).isEmpty();
  }

  @Test
  void listThatLoops_ends_andIsSaid() {
    long lists = lists(128);
    long first = entry(lists);
    long second = entry(lists);
    tiny.put(first, 8, second);
    tiny.put(second + 8, 8, first);

    assertThat(walk(table(128, lists), 1000)).containsExactlyInAnyOrder(first, second);
    assertThat(notes.broken()).hasSize(1).allMatch(why -> why.contains("leads back to"));
  }

  @Test
  void listsThatShareALongChain_areBoundedTogether() {
    long lists = lists(128);
    for (int i = 0; i < 50; i++) {
      entry(lists);
    }
    long shared = guest.space().qword(lists).orElseThrow();
    for (int i = 1; i < 128; i++) {
      tiny.put(lists + i * 16L, 8, shared);
    }

    assertThat(walk(table(128, lists), 100)).hasSizeLessThanOrEqualTo(150);
    assertThat(notes.broken()).anyMatch(why -> why.contains("100 entries were read"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0xffff_ffffL, 0x7fff_ffffL, (1 << 20) + 1})
  void tableOfAbsurdSize_isNotRead(long size) {
    assertThat(walk(table(size, lists(128)), 1000)).isEmpty();
    assertThat(notes.broken()).hasSize(1).allMatch(why -> why.contains("is no hash table"));
  }

  @Test
  void grownTableThatLacksItsParts_isSaidSo() {
    long directory = tiny.alloc(16 * 8);
    tiny.put(directory, 8, lists(128));
    tiny.put(directory + 8, 8, 0x1000);

    assertThat(walk(table(1 << 20, directory), 1000)).isEmpty();
    assertThat(notes.broken()).hasSize(1).allMatch(why -> why.contains("lacks"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1025, 0x7fff_ffff, -1})
  void absurdCountOfPartitions_isSaid_andBounded(int count) {
    long lists = lists(128);
    long partitions = tiny.alloc(PARTITION_BYTES);
    tiny.put(partitions + 8, 8, table(128, lists));
    partitions(count, partitions);

    entries();

    assertThat(notes.broken()).anyMatch(why -> why.contains("PartitionCount is"));
  }

  @Test
  void variablesThatCannotBeRead_areSaid() {
    assertThat(entries()).isEmpty();
    assertThat(PortTables.links(tcpip, "Tcp", notes)).isEmpty();
    assertThat(notes.broken()).isEmpty();
    assertThat(notes.unusable())
        .containsExactly(
            "PartitionTable: PartitionTable cannot be read",
            "TcpPortPool: the port pool cannot be found");
  }

  /** The table of the ports from 256 * part on. */
  private long ports(long pool, int part) {
    StructType type = TableFacts.of(guest, "PORT_POOL").get(0);
    long page = 0xffff_c000_0000_0000L + part * 0x10_0000L;
    tiny.map(page, 256 * ENTRY_BYTES);
    long assignment = tiny.alloc(0x30);
    tiny.put(assignment + 0x18, 8, page);
    tiny.put(pool + type.offset("PortAssignments") + part * 8L, 8, assignment);
    return page;
  }

  private long pool() {
    long pool = tiny.alloc(0x1000);
    long protocol = tiny.alloc(0x10);
    long compartment = tiny.alloc(0x30);
    long set = tiny.alloc(0x180);
    tiny.put(protocol, 8, pool);
    tiny.put(compartment + 0x20, 8, protocol);
    tiny.put(set + 0x148, 8, compartment);
    tiny.put(BASE + 0x20, 8, set);
    return pool;
  }

  private static long port(long table, int port) {
    return table + (port & 255L) * ENTRY_BYTES + 0x10;
  }

  @Test
  void endpointsOfAPort_areMetByTheirChain() {
    long pool = pool();
    long first = tiny.alloc(16);
    long second = tiny.alloc(16);
    long other = tiny.alloc(16);
    tiny.put(port(ports(pool, 0), 135), 8, first | 1);
    tiny.put(first, 8, second | 1);
    tiny.put(port(ports(pool, 255), 0xffff), 8, other | 1);

    assertThat(PortTables.links(tcpip, "Tcp", notes)).containsExactly(first, second, other);
    assertThat(notes.broken()).isEmpty();
    assertThat(notes.unusable()).isEmpty();
  }

  @Test
  void chainThatLoopsOrLeavesTheKernel_ends_andIsSaid() {
    long pool = pool();
    long table = ports(pool, 1);
    long first = tiny.alloc(16);
    long second = tiny.alloc(16);
    long third = tiny.alloc(16);
    tiny.put(port(table, 256), 8, first | 1);
    tiny.put(first, 8, second);
    tiny.put(second, 8, first);
    tiny.put(port(table, 257), 8, third);
    tiny.put(third, 8, 0x41414140);
    tiny.put(port(table, 258), 8, 0xffff_d000_0000_0000L);

    assertThat(PortTables.links(tcpip, "Tcp", notes)).contains(first, second, third);
    assertThat(notes.broken())
        .hasSize(3)
        .anyMatch(why -> why.contains("leads back to"))
        .anyMatch(why -> why.contains("leads to 0x41414140"))
        .anyMatch(why -> why.contains("not mapped"));
  }

  @Test
  void partsThatAreAllTheSameTable_areReadOnce() {
    long pool = pool();
    long table = ports(pool, 0);
    StructType type = TableFacts.of(guest, "PORT_POOL").get(0);
    long assignment = guest.space().qword(pool + type.offset("PortAssignments")).orElseThrow();
    long[] links = new long[256];
    for (int i = 0; i < 256; i++) {
      links[i] = tiny.alloc(16);
      tiny.put(port(table, i), 8, links[i]);
      tiny.put(pool + type.offset("PortAssignments") + i * 8L, 8, assignment);
    }

    assertThat(PortTables.links(tcpip, "Tcp", notes)).hasSize(256);
    assertThat(notes.broken()).isEmpty();
    assertThat(notes.unusable()).isEmpty();
  }

  @Test
  void poolOfGarbage_hasNoTables_andThatIsSaid() {
    long pool = pool();
    for (int at = 0; at < 0x1000; at += 8) {
      tiny.put(pool + at, 8, 0x4141_4141_4141_4141L + at);
    }

    assertThat(PortTables.links(tcpip, "Tcp", notes)).isEmpty();
    assertThat(notes.broken()).isEmpty();
    assertThat(notes.unusable()).hasSize(1).allMatch(why -> why.contains("has no tables of ports"));
  }
}
