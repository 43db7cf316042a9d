package io.ramtide.cli.changes;

import io.ramtide.schemas.FileTime;
import io.ramtide.testkit.GuestRegistry;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.windows.network.GuestNetwork;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A guest that things are done to, and the events that are to be told of them: see {@link
 * EventTexts} for how they are written.
 */
final class ChangingGuest {
  private static final String SOFTWARE = "\\REGISTRY\\MACHINE\\SOFTWARE";
  private static final String ACME = SOFTWARE + "\\Acme";
  private static final String GOING = "\\REGISTRY\\USER\\Going";
  private static final String COMING = "\\REGISTRY\\USER\\Coming";
  private static final String HIDDEN = "\\REGISTRY\\USER\\Hidden";
  private static final String HERE = "10.20.30.40";
  private static final String THERE = "203.0.113.7";

  /** Beyond what findings and events have of a value. */
  private static final int BIG = 20_000;

  final SimulatedGuest guest;
  final List<String> registryEvents = new ArrayList<>();
  final List<String> networkEvents = new ArrayList<>();
  private final GuestRegistry registry;
  private final GuestNetwork network;
  private final byte[] big = new byte[BIG];

  private final int server;
  private final int ghost;
  private final int leaving;
  private final int lost;
  private final int freed;
  private final int going;
  private final int waiting;
  private final int heard;
  private final int hidden;
  private final int finishing;

  /** Boots it with what will be changed. */
  ChangingGuest(SimulatedGuest.Builder builder) {
    guest = builder.ram(96L << 20).boot();
    registry = guest.registry();
    network = guest.network();
    registry.createKey(ACME + "\\Level");
    registry.setNumber(ACME + "\\Level", "Number", 1);
    registry.createKey(ACME + "\\Grows");
    registry.setText(ACME + "\\Grows", "Name", "a");
    registry.createKey(ACME + "\\Loses");
    registry.setText(ACME + "\\Loses", "Doomed", "x");
    registry.setText(ACME + "\\Loses", "Kept", "y");
    Arrays.fill(big, (byte) 'b');
    registry.createKey(ACME + "\\Big");
    registry.setValue(ACME + "\\Big", "Blob", "REG_BINARY", big);
    registry.createKey(ACME + "\\Old\\Sub\\Deep");
    registry.setText(ACME + "\\Old\\Sub\\Deep", "Value", "z");
    registry.loadHive(GOING, "\\??\\C:\\going.dat");
    registry.createKey(GOING + "\\Inside");
    registry.loadHive(HIDDEN, "\\??\\C:\\hidden.dat");
    registry.createKey(HIDDEN + "\\Run");

    server = guest.start("server.exe", 4);
    ghost = guest.start("ghost.exe", 4);
    leaving = guest.start("leaving.exe", 4);
    lost = connect(server, 50_001, "ESTABLISHED");
    freed = connect(server, 50_002, "ESTABLISHED");
    going = connect(server, 50_003, "ESTABLISHED");
    waiting = connect(server, 50_004, "ESTABLISHED");
    heard = network.listen(server, "TCP", "0.0.0.0", 4444);
    hidden = connect(ghost, 50_005, "ESTABLISHED");
    connect(leaving, 50_006, "ESTABLISHED");
    finishing = connect(leaving, 50_007, "ESTABLISHED");
    guest.advance(Duration.ofSeconds(10));
  }

  private int connect(int pid, int port, String state) {
    return network.connect(pid, HERE, port, THERE, 443, state);
  }

  /** Does everything, each at another time. */
  void change() {
    tick();
    createKeys();
    changeValues();
    deleteKeys();
    changeHives();
    changeEndpoints();
    changeOwners();
    tick();
  }

  private void tick() {
    guest.advance(Duration.ofSeconds(2));
  }

  private String now() {
    return FileTime.format(guest.truth().guestTime());
  }

  private void registryEvent(String event, String time) {
    registryEvents.add(event + " at " + time);
  }

  private void networkEvent(String event, String time) {
    networkEvents.add(event + " at " + time);
  }

  private void createKeys() {
    registry.createKey(ACME + "\\New");
    registry.setNumber(ACME + "\\New", "One", 1);
    registry.setText(ACME + "\\New", "", "2");
    registryEvent("keyCreated %s\\New".formatted(ACME), now());
    registryEvent("valueSet %s\\New [One] REG_DWORD 4:01000000".formatted(ACME), now());
    registryEvent("valueSet %s\\New [] REG_SZ 4:32000000".formatted(ACME), now());
    tick();
    registry.createVolatileKey(ACME + "\\Passing");
    registryEvent("keyCreated %s\\Passing".formatted(ACME), now());
    tick();
  }

  private void changeValues() {
    registry.setNumber(ACME + "\\Level", "Number", 2);
    registryEvent(
        "valueSet %s\\Level [Number] REG_DWORD 4:02000000, was REG_DWORD 4:01000000"
            .formatted(ACME),
        now());
    tick();
    String grown = "a".repeat(300);
    registry.setText(ACME + "\\Grows", "Name", grown);
    registry.setText(ACME + "\\Grows", "Added", "b");
    registryEvent(
        "valueSet %s\\Grows [Name] REG_SZ %s, was REG_SZ 4:61000000"
            .formatted(
                ACME, EventTexts.data((grown + "\0").getBytes(StandardCharsets.UTF_16LE), 602L)),
        now());
    registryEvent("valueSet %s\\Grows [Added] REG_SZ 4:62000000".formatted(ACME), now());
    tick();
    registry.deleteValue(ACME + "\\Loses", "Doomed");
    registryEvent("valueDeleted %s\\Loses [Doomed], was REG_SZ 4:78000000".formatted(ACME), now());
    tick();
    String kept = EventTexts.data(Arrays.copyOf(big, 4096), (long) BIG);
    big[BIG / 2]++;
    registry.setValue(ACME + "\\Big", "Blob", "REG_BINARY", big);
    registryEvent(
        "valueSet %s\\Big [Blob] REG_BINARY %s, was REG_BINARY %s".formatted(ACME, kept, kept),
        now());
    tick();
  }

  private void deleteKeys() {
    for (String path : List.of("\\Old\\Sub\\Deep", "\\Old\\Sub", "\\Old")) {
      registry.deleteKey(ACME + path);
      registryEvent("keyDeleted " + ACME + path, null);
    }
    tick();
  }

  private void changeHives() {
    registry.unloadHive(GOING);
    registryEvent("hiveUnloaded " + GOING, null);
    tick();
    registry.loadHive(COMING, "\\??\\C:\\coming.dat");
    registryEvent("hiveLoaded " + COMING, null);
    tick();
    registry.unlinkHive(HIDDEN);
    registry.setText(HIDDEN + "\\Run", "evil", "e");
    registryEvent("valueSet %s\\Run [evil] REG_SZ 4:65000000".formatted(HIDDEN), now());
    tick();
  }

  private static String connection(String type, int port, String state, String owner) {
    return "%s TCP %s:%d %s:443 %s %s".formatted(type, HERE, port, THERE, state, owner);
  }

  private void changeEndpoints() {
    network.listen(server, "TCP", "0.0.0.0", 5555);
    networkEvent("listeningOpened TCP 0.0.0.0:5555 LISTENING server.exe running", now());
    tick();
    network.listen(server, "UDP", "::", 5556);
    networkEvent("listeningOpened UDP [::]:5556 server.exe running", now());
    tick();
    connect(server, 50_010, "SYN_SENT");
    networkEvent(connection("connectionOpened", 50_010, "SYN_SENT", "server.exe running"), now());
    tick();
    network.setState(going, "CLOSE_WAIT");
    networkEvent(
        connection(
            "connectionStateChanged", 50_003, "ESTABLISHED -> CLOSE_WAIT", "server.exe running"),
        null);
    network.setState(waiting, "TIME_WAIT");
    networkEvent(
        connection(
            "connectionStateChanged", 50_004, "ESTABLISHED -> TIME_WAIT", "server.exe running"),
        null);
    network.close(lost);
    networkEvent(connection("connectionClosed", 50_001, "ESTABLISHED", "server.exe running"), null);
    network.close(heard);
    networkEvent("listeningClosed TCP 0.0.0.0:4444 LISTENING server.exe running", null);
    network.free(freed);
    networkEvent(connection("connectionClosed", 50_002, "ESTABLISHED", "server.exe running"), null);
    tick();
  }

  private void changeOwners() {
    guest.unlink(ghost);
    network.setState(hidden, "FIN_WAIT1");
    networkEvent(
        connection(
            "connectionStateChanged", 50_005, "ESTABLISHED -> FIN_WAIT1", "ghost.exe hidden"),
        null);
    network.setState(finishing, "FIN_WAIT2");
    guest.exit(leaving);
    networkEvent(connection("connectionClosed", 50_006, "ESTABLISHED", "leaving.exe exited"), null);
    networkEvent(
        connection(
            "connectionStateChanged", 50_007, "ESTABLISHED -> FIN_WAIT2", "leaving.exe exited"),
        null);
  }
}
