package io.ramtide.scanner.windows.network;

import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.network.EndpointType.Kind;
import io.ramtide.scanner.windows.network.table.TcpipTables;
import java.util.List;
import java.util.Set;

/**
 * Gives network endpoints: TCP connections, listeners, blocks in TIME_WAIT, and UDP endpoints, by
 * pool tag and by tcpip.sys's own tables.
 */
public final class NetworkDecoder implements Decoder {
  @Override
  public Set<What> kinds() {
    return Set.of(What.endpoints);
  }

  @Override
  public void decode(Guest guest, List<GuestProcess> processes, FindingSink sink) {
    Owners owners = new Owners(guest, processes);
    EndpointTypes types = new EndpointTypes(guest, owners);
    int build = FactFile.build(guest);
    if (types.of(Kind.connection).isEmpty() && types.of(Kind.listener).isEmpty()) {
      sink.notSupported(
          What.endpoints,
          "what tcpip.sys of build %d has its endpoints in is not known".formatted(build));
      return;
    }
    TcpipTables tables = TcpipTables.of(guest);
    tables.notes().unusable().forEach(why -> sink.remark(What.endpoints, why));
    tables.notes().broken().forEach(why -> sink.incomplete(What.endpoints, why));
    new EndpointSearch(guest, types, new EndpointReader(guest, owners), tables, sink).run();
  }
}
