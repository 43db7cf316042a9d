package io.ramtide.scanner.windows.network.table;

import io.ramtide.scanner.windows.guest.Guest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where tcpip.sys's tables lead: VAs of links in endpoints.
 *
 * @param connections links by which the partitions' hash tables have connections
 * @param tcp links by which the table of TCP's ports has listeners; of connections too
 * @param udp links by which the table of UDP's ports has endpoints
 * @param troubles what could not be read, for people
 */
public record TcpipTables(
    Set<Long> connections, Set<Long> tcp, Set<Long> udp, List<String> troubles) {
  /** Those of a guest. */
  public static TcpipTables of(Guest guest) {
    TcpipModule.Found tcpip = TcpipModule.find(guest);
    if (tcpip.module().isEmpty()) {
      return new TcpipTables(
          Set.of(), Set.of(), Set.of(), List.of("partitionTable, portTable: " + tcpip.trouble()));
    }
    List<String> troubles = new ArrayList<>();
    return new TcpipTables(
        PartitionTable.entries(tcpip.module().get(), troubles),
        PortTables.links(tcpip.module().get(), "Tcp", troubles),
        PortTables.links(tcpip.module().get(), "Udp", troubles),
        troubles);
  }
}
