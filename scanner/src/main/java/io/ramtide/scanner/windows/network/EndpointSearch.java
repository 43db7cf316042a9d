package io.ramtide.scanner.windows.network;

import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.network.EndpointType.Kind;
import io.ramtide.scanner.windows.network.table.TcpipTables;
import io.ramtide.scanner.windows.object.PoolObject;
import io.ramtide.scanner.windows.object.PoolObjects;
import io.ramtide.schemas.View;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks for endpoints in the pool, then where only a table leads; gives each once. */
final class EndpointSearch {
  /** Connections are most, and take what is left. */
  private static final List<Kind> ORDER =
      List.of(Kind.listener, Kind.udp, Kind.timeWait, Kind.connection);

  /** Of each of the other kinds: many that are forged leave room for the rest. */
  private static final int MAX_OF_ONE = FindingSink.MAX_OF_A_KIND / 4;

  private final Guest guest;
  private final EndpointTypes types;
  private final EndpointReader reader;
  private final TcpipTables tables;
  private final FindingSink sink;

  /** Links of tables whose endpoint was given. */
  private final Set<Long> given = new HashSet<>();

  private final Map<Kind, Integer> counts = new EnumMap<>(Kind.class);

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
    for (Kind kind : ORDER) {
      types.of(kind).ifPresent(this::inPool);
    }
    for (Kind kind : ORDER) {
      types.of(kind).ifPresent(this::inTables);
    }
    counts.forEach(
        (kind, count) -> {
          if (count > MAX_OF_ONE && kind != Kind.connection) {
            sink.cut(
                What.endpoints, "%s: only the first %d of %d".formatted(kind, MAX_OF_ONE, count));
          }
        });
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
              .read(type, block.va(), block.isFree() || !views(type, block.va()).isEmpty())
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
        Optional<Endpoint> endpoint = reader.read(type, at - link, true);
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
    int ofKind = counts.merge(type.kind(), 1, Integer::sum);
    if (ofKind > MAX_OF_ONE && type.kind() != Kind.connection) {
      return;
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
