package io.ramtide.scanner.windows.network.table;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * tcpip.sys's tables of bound ports: for every 256 ports a table of the first endpoint of each,
 * from which a chain leads to the others of that port. The bitmaps of ports in use are not asked:
 * they leave out what a rootkit clears in them, and name ports that are only reserved.
 */
final class PortTables {
  /** Links of the chains of a protocol. */
  static final int MAX_LINKS = 1 << 17;

  private static final int PARTS = 256;

  private final Guest guest;
  private final TableNotes notes;
  private final String protocol;

  private PortTables(Guest guest, TableNotes notes, String protocol) {
    this.guest = guest;
    this.notes = notes;
    this.protocol = protocol;
  }

  /**
   * VAs of the links of the endpoints of a protocol.
   *
   * @param protocol Tcp or Udp, as variables begin
   * @param notes takes what could not be read
   */
  static Set<Long> links(TcpipModule tcpip, String protocol, TableNotes notes) {
    return new PortTables(tcpip.guest(), notes, protocol).links(tcpip);
  }

  private Set<Long> links(TcpipModule tcpip) {
    Set<Long> links = new LinkedHashSet<>();
    OptionalLong pool = pool(tcpip);
    if (pool.isEmpty()) {
      notes.unusable(text("the port pool cannot be found"));
      return links;
    }
    Tables tables = tables(pool.getAsLong());
    if (tables.firsts().isEmpty() || tables.entry() == null) {
      notes.unusable(
          text("the port pool at 0x%x has no tables of ports".formatted(pool.getAsLong())));
      return links;
    }
    for (long first : tables.firsts()) {
      for (long link : firstLinks(first, tables.entry())) {
        follow(link, links);
      }
    }
    return links;
  }

  /** Up to 10.0.10586 the variable names it, later the compartments lead to it. */
  private OptionalLong pool(TcpipModule tcpip) {
    OptionalLong pool = tcpip.pointer(protocol + "PortPool");
    if (pool.isPresent()) {
      return pool;
    }
    OptionalLong set = tcpip.pointer(protocol + "CompartmentSet");
    OptionalLong compartment = follow(set, "COMPARTMENT_SET", "InetCompartment");
    OptionalLong own = follow(compartment, "COMPARTMENT", "ProtocolCompartment");
    return follow(own, "PROTOCOL_COMPARTMENT", "PortPool");
  }

  private OptionalLong follow(OptionalLong va, String name, String field) {
    List<StructType> types = TableFacts.of(guest, name);
    return va.isPresent() && !types.isEmpty()
        ? kernelPointer(va.getAsLong() + types.get(0).offset(field))
        : OptionalLong.empty();
  }

  private OptionalLong kernelPointer(long at) {
    OptionalLong value = guest.space().qword(at);
    return value.isPresent() && guest.isKernelAddress(value.getAsLong())
        ? value
        : OptionalLong.empty();
  }

  /**
   * The tables of a pool.
   *
   * @param firsts VA of each
   * @param entry what they consist of; null if that is not known
   */
  private record Tables(Set<Long> firsts, StructType entry) {}

  /** By those structures under which the pool has most tables. */
  private Tables tables(long pool) {
    Set<Long> best = Set.of();
    for (StructType type : TableFacts.of(guest, "PORT_POOL")) {
      for (StructType assignment : TableFacts.of(guest, "PORT_ASSIGNMENT")) {
        Set<Long> found = tables(pool + type.offset("PortAssignments"), assignment);
        best = found.size() > best.size() ? found : best;
      }
    }
    List<StructType> entries = TableFacts.of(guest, "PORT_ENTRY");
    return new Tables(best, entries.isEmpty() ? null : entries.get(0));
  }

  private Set<Long> tables(long assignments, StructType assignment) {
    Set<Long> found = new LinkedHashSet<>();
    for (int i = 0; i < PARTS; i++) {
      OptionalLong part = kernelPointer(assignments + (long) i * Long.BYTES);
      if (part.isPresent()) {
        OptionalLong first = kernelPointer(part.getAsLong() + assignment.offset("Entries"));
        // They are as long as pages, and allocated as such.
        if (first.isPresent() && first.getAsLong() % 0x1000 == 0) {
          found.add(first.getAsLong());
        }
      }
    }
    return found;
  }

  private List<Long> firstLinks(long table, StructType entry) {
    byte[] bytes = new byte[PARTS * entry.size()];
    var read = guest.space().readAround(table, bytes, 0, bytes.length);
    read.gap()
        .ifPresent(why -> trouble("a table of ports at 0x%x: %s".formatted(table, why.text())));
    ByteBuffer entries = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Long> links = new ArrayList<>();
    for (int i = 0; i < PARTS; i++) {
      long link = entries.getLong(i * entry.size() + entry.offset("Endpoint"));
      if (link != 0) {
        links.add(link);
      }
    }
    return links;
  }

  private void follow(long start, Set<Long> links) {
    Set<Long> chain = new HashSet<>();
    long link = start & ~TableFacts.ENTRY_FLAGS;
    while (link != 0 && !links.contains(link)) {
      if (!guest.isKernelAddress(link)) {
        trouble("a chain leads to 0x%x, which is no address of the kernel".formatted(link));
        return;
      }
      if (links.size() >= MAX_LINKS) {
        trouble("only the first %d endpoints were read".formatted(MAX_LINKS));
        return;
      }
      links.add(link);
      chain.add(link);
      OptionalLong next = guest.space().qword(link);
      if (next.isEmpty()) {
        trouble("the link at 0x%x: %s".formatted(link, guest.space().locate(link).text()));
        return;
      }
      link = next.getAsLong() & ~TableFacts.ENTRY_FLAGS;
    }
    if (chain.contains(link)) {
      trouble(
          "the chain at 0x%x leads back to 0x%x".formatted(start & ~TableFacts.ENTRY_FLAGS, link));
    }
  }

  private void trouble(String why) {
    notes.broken(text(why));
  }

  private String text(String why) {
    return "%sPortPool: %s".formatted(protocol, why);
  }
}
