package io.ramtide.testkit.windows.network;

import io.ramtide.testkit.truth.EndpointTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.network.Endpoint.Kind;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.process.SimProcess;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The network endpoints of a guest. Addresses are IPv4 or IPv6 as text, IPv6 in its shortest form,
 * without brackets or scope; 0.0.0.0 and :: take any, and :: also takes IPv4. Processes must run.
 * An endpoint keeps its id as long as it lives.
 *
 * <p>When a process ends, its endpoints are closed, but for connections that are being closed: they
 * still name it. When its object is freed, they are gone too.
 */
public final class GuestNetwork {

  private final Memory memory;
  private final EndpointWriter writer;
  private final EndpointTables tables;
  private final Supplier<List<SimProcess>> processes;
  private final LongSupplier clock;
  private final Map<Integer, Endpoint> endpoints = new TreeMap<>();
  private List<EndpointDecoys.Decoy> decoys = List.of();
  private int lastId;

  /**
   * A network without endpoints.
   *
   * @param tcpip VA of tcpip.sys
   * @param processes all processes whose objects are in RAM
   * @param clock guest time, a FILETIME
   */
  public GuestNetwork(
      KernelSpace space,
      Pool pool,
      long tcpip,
      Supplier<List<SimProcess>> processes,
      LongSupplier clock) {
    NetworkFacts facts = NetworkFacts.of(space.facts.build());
    memory = new Memory(space, pool, facts);
    TcpipImage image = new TcpipImage(space, facts, tcpip);
    image.write();
    writer = new EndpointWriter(memory, new Addresses(memory));
    tables = EndpointTables.of(memory, image);
    this.processes = processes;
    this.clock = clock;
  }

  /** Opens a TCP listener or a UDP endpoint; {@code protocol} is TCP or UDP. Returns its id. */
  public int listen(int pid, String protocol, String address, int port) {
    return listen(pid, protocol, address, port, clock.getAsLong());
  }

  int listen(int pid, String protocol, String address, int port, long time) {
    Kind kind =
        switch (protocol) {
          case "TCP" -> Kind.LISTENER;
          case "UDP" -> Kind.UDP;
          default -> throw new IllegalArgumentException("no protocol " + protocol);
        };
    String state = kind == Kind.UDP ? null : "LISTENING";
    return open(kind, pid, Address.of(address), port, null, 0, state, time);
  }

  /** Opens a TCP connection in a state, such as SYN_SENT or ESTABLISHED. Returns its id. */
  public int connect(
      int pid, String local, int localPort, String remote, int remotePort, String state) {
    return connect(pid, local, localPort, remote, remotePort, state, clock.getAsLong());
  }

  int connect(
      int pid,
      String local,
      int localPort,
      String remote,
      int remotePort,
      String state,
      long time) {
    Address from = Address.of(local);
    Address to = Address.of(remote);
    if (from.any() || to.any() || from.version() != to.version()) {
      throw new IllegalArgumentException("no connection from " + local + " to " + remote);
    }
    check(remotePort);
    checkState(state);
    Kind kind = state.equals("TIME_WAIT") ? Kind.TIME_WAIT : Kind.CONNECTION;
    return open(kind, pid, from, localPort, to, remotePort, state, time);
  }

  private int open(
      Kind kind,
      int pid,
      Address local,
      int localPort,
      Address remote,
      int remotePort,
      String state,
      long time) {
    check(localPort);
    SimProcess owner =
        running().stream()
            .filter(process -> process.pid() == pid)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no process " + pid + " runs"));
    Endpoint endpoint =
        new Endpoint(++lastId, kind, owner, local, localPort, remote, remotePort, state, time);
    write(endpoint);
    endpoints.put(endpoint.id, endpoint);
    return endpoint.id;
  }

  private void write(Endpoint endpoint) {
    if (endpoint.kind == Kind.TIME_WAIT) {
      endpoint.owner = null;
    }
    endpoint.block = writer.write(endpoint);
    endpoints.values().removeIf(old -> old.stale && old.block.equals(endpoint.block));
    tables.add(endpoint);
  }

  /**
   * Moves a TCP connection to another state. In TIME_WAIT its structure is given back, and a
   * smaller one without an owner takes its place; CLOSED, it leaves tcpip.sys's table.
   */
  public void setState(int id, String state) {
    Endpoint endpoint = live(id);
    checkState(state);
    if (endpoint.kind != Kind.CONNECTION) {
      throw new IllegalArgumentException("endpoint " + id + " is no connection");
    }
    endpoint.state = state;
    if (state.equals("TIME_WAIT")) {
      wipe(endpoint);
      endpoint.kind = Kind.TIME_WAIT;
      write(endpoint);
      return;
    }
    writer.state(endpoint);
    if (state.equals("CLOSED")) {
      tables.remove(endpoint);
    }
  }

  /** Closes an endpoint: nothing of it is left in RAM. */
  public void close(int id) {
    wipe(live(id));
    endpoints.remove(id);
  }

  /** Closes an endpoint and leaves its structure in a free pool block, until another gets that. */
  public void free(int id) {
    Endpoint endpoint = live(id);
    tables.remove(endpoint);
    memory.pool().free(endpoint.block);
    endpoint.stale = true;
  }

  /** Takes an endpoint out of tcpip.sys's tables, as a rootkit does; it keeps working. */
  public void hide(int id) {
    tables.remove(live(id));
  }

  /** Opens a number of endpoints of all kinds in the running processes. Returns their ids. */
  public List<Integer> bulk(int count) {
    return new BulkEndpoints(this).open(count, running().stream().map(SimProcess::pid).toList());
  }

  /**
   * Opens what an ordinary workstation has open, with one connection CLOSED and one stale.
   *
   * @param rootkit whether one connection is hidden from tcpip.sys's tables
   * @param withDecoys whether RAM also holds what looks like endpoints and is none
   */
  public void start(boolean rootkit, boolean withDecoys) {
    new BootEndpoints(this, running(), clock.getAsLong()).open(rootkit);
    if (withDecoys) {
      decoys = new EndpointDecoys(memory, writer, running().get(0), clock.getAsLong()).make();
    }
  }

  /** Calls a consumer with kind and guest-physical address of each decoy. */
  public void decoys(BiConsumer<String, Long> consumer) {
    decoys.forEach(decoy -> consumer.accept(decoy.kind(), decoy.gpa()));
  }

  private List<SimProcess> running() {
    return processes.get().stream().filter(process -> process.exitTime() == 0).toList();
  }

  /** Closes what a process had open when it ends. */
  public void exited(SimProcess process) {
    closeAll(process, endpoint -> !endpoint.stale && !endpoint.isClosing());
  }

  /** Removes what still names a process before its object is freed. */
  public void freed(SimProcess process) {
    closeAll(process, endpoint -> true);
  }

  private void closeAll(SimProcess owner, Predicate<Endpoint> which) {
    List<Endpoint> closed =
        endpoints.values().stream().filter(e -> e.owner == owner && which.test(e)).toList();
    for (Endpoint endpoint : closed) {
      if (!endpoint.stale || remains(endpoint)) {
        wipe(endpoint);
      }
      endpoints.remove(endpoint.id);
    }
  }

  /** Gives a block back, if it is not yet, and leaves nothing in it. */
  private void wipe(Endpoint endpoint) {
    if (!endpoint.stale) {
      tables.remove(endpoint);
      memory.pool().free(endpoint.block);
    }
    memory.wipe(endpoint.block);
  }

  /** Whether the block of a stale endpoint still holds it. */
  private boolean remains(Endpoint endpoint) {
    return memory.isFreed(endpoint.block, EndpointWriter.tag(endpoint.kind));
  }

  private Endpoint live(int id) {
    Endpoint endpoint = endpoints.get(id);
    if (endpoint == null || endpoint.stale) {
      throw new IllegalArgumentException("no open endpoint " + id);
    }
    return endpoint;
  }

  private static void check(int port) {
    if (port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("no port " + port);
    }
  }

  private void checkState(String state) {
    memory.facts().state(state);
    if (state.equals("LISTENING")) {
      throw new IllegalArgumentException("a connection does not listen");
    }
  }

  /** All endpoints in RAM, in the order of their ids. */
  public List<EndpointTruth> truth() {
    return endpoints.values().stream()
        .filter(endpoint -> !endpoint.stale || remains(endpoint))
        .map(this::truth)
        .toList();
  }

  private EndpointTruth truth(Endpoint endpoint) {
    SimProcess owner = endpoint.owner;
    boolean bound = endpoint.remote == null;
    return new EndpointTruth(
        endpoint.id,
        endpoint.kind == Kind.UDP ? "UDP" : "TCP",
        endpoint.local.version(),
        endpoint.local.text(),
        endpoint.localPort,
        bound ? null : endpoint.remote.text(),
        bound ? null : Integer.valueOf(endpoint.remotePort),
        endpoint.state,
        owner == null ? null : Integer.valueOf(owner.pid()),
        owner == null ? null : owner.imageName(),
        owner == null ? 0 : owner.objectVa(),
        writer.createTime(endpoint),
        bound && endpoint.local.any() && endpoint.local.version() == 6,
        endpoint.stale,
        tables.views(endpoint),
        endpoint.block.body(),
        memory.space().kernel.translate(endpoint.block.body()));
  }
}
