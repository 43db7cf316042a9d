package io.ramtide.scanner.windows.network;

import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.network.EndpointType.Kind;
import io.ramtide.scanner.windows.network.table.TcpipTables;
import io.ramtide.scanner.windows.object.PoolObject;
import io.ramtide.scanner.windows.object.PoolObjects;
import io.ramtide.schemas.View;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Looks for endpoints in the pool, then where only a table leads; gives each once. */
final class EndpointSearch {
  private final Guest guest;
  private final EndpointTypes types;
  private final EndpointReader reader;
  private final TcpipTables tables;
  private final FindingSink sink;

  /** Links of tables whose endpoint was given. */
  private final Set<Long> given = new HashSet<>();

  EndpointSearch(
      Guest guest,
      EndpointTypes types,
      EndpointReader reader,
      TcpipTables tables,
      FindingSink sink) {
    this.guest = guest;
    this.types = types;
    this.reader = reader;
    this.tables = tables;
    this.sink = sink;
  }

  void run() {
    for (Kind kind : Kind.values()) {
      types.of(kind).ifPresent(this::inPool);
    }
    for (Kind kind : Kind.values()) {
      types.of(kind).ifPresent(this::inTables);
    }
    reader
        .unjudged()
        .forEach(
            (why, count) ->
                sink.incomplete(
                    What.endpoints,
                    "%d blocks that may be endpoints lack their address family (%s)"
                        .formatted(count, why)));
  }

  private void inPool(EndpointType type) {
    for (String kind : type.pool()) {
      PoolObjects.of(guest).gaps(kind).forEach(why -> sink.incomplete(What.endpoints, why));
      for (PoolObject block : PoolObjects.of(guest).of(kind)) {
        if (block.bytes() >= type.size()) {
          reader
              .read(type, block.va(), block.isFree())
              .ifPresent(endpoint -> give(type, endpoint, block.isFree(), true));
        }
      }
    }
  }

  /**
   * What tables have and no block of the pool says: its tag was changed, or its header's page is
   * missing.
   */
  private void inTables(EndpointType type) {
    for (int link : type.links()) {
      inTable(type, tables.connections(), link);
    }
    if (type.next() >= 0) {
      inTable(type, ports(type.kind()), type.next());
    }
  }

  private void inTable(EndpointType type, Set<Long> table, int link) {
    for (long at : table) {
      if (!given.contains(at)) {
        Optional<Endpoint> endpoint = reader.read(type, at - link, false);
        endpoint.ifPresent(found -> give(type, found, false, false));
      }
    }
  }

  private void give(EndpointType type, Endpoint endpoint, boolean isFree, boolean isInPool) {
    Set<View> seenBy = views(type, endpoint.va());
    // What tcpip.sys's own tables lead to is in use, whatever the pool header says.
    boolean isStale = isFree && seenBy.isEmpty();
    if (isInPool) {
      seenBy.add(View.poolScan);
    }
    type.links().forEach(link -> given.add(endpoint.va() + link));
    if (type.next() >= 0) {
      given.add(endpoint.va() + type.next());
    }
    sink.add(What.endpoints, endpoint.finding(seenBy, isStale));
    if (!isStale) { // Of a remnant nothing is promised.
      sink.partly(What.endpoints, endpoint.unread());
    }
  }

  /** The tables that have the endpoint at a VA. */
  private Set<View> views(EndpointType type, long va) {
    Set<View> views = EnumSet.noneOf(View.class);
    if (type.links().stream().anyMatch(link -> tables.connections().contains(va + link))) {
      views.add(View.partitionTable);
    }
    if (type.next() >= 0 && ports(type.kind()).contains(va + type.next())) {
      views.add(View.portTable);
    }
    return views;
  }

  /** Links of the table of ports that has a kind. */
  private Set<Long> ports(Kind kind) {
    return switch (kind) {
      case listener -> tables.tcp();
      case udp -> tables.udp();
      case connection, timeWait -> Set.of();
    };
  }
}
