package io.ramtide.scanner.windows.network.table;

import io.ramtide.scanner.windows.guest.Guest;
import java.util.Set;

/**
 * Where tcpip.sys's tables lead: VAs of links in endpoints.
 *
 * @param connections links by which the partitions' hash tables have connections
 * @param tcp links by which the table of TCP's ports has listeners; of connections too
 * @param udp links by which the table of UDP's ports has endpoints
 * @param notes what could not be read
 */
public record TcpipTables(Set<Long> connections, Set<Long> tcp, Set<Long> udp, TableNotes notes) {
  /** Those of a guest. */
  public static TcpipTables of(Guest guest) {
    TcpipModule.Found tcpip = TcpipModule.find(guest);
    TableNotes notes = new TableNotes();
    if (tcpip.module().isEmpty()) {
      notes.unusable("partitionTable, portTable: " + tcpip.trouble());
      return new TcpipTables(Set.of(), Set.of(), Set.of(), notes);
    }
    return new TcpipTables(
        PartitionTable.entries(tcpip.module().get(), notes),
        PortTables.links(tcpip.module().get(), "Tcp", notes),
        PortTables.links(tcpip.module().get(), "Udp", notes),
        notes);
  }
}
