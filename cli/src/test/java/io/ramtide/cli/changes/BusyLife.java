package io.ramtide.cli.changes;

import io.ramtide.testkit.SimulatedGuest;
import java.time.Duration;
import java.util.List;

/** A guest that goes through the same steps again and again, a program and a key each round. */
final class BusyLife {
  private static final String SOFTWARE = "\\REGISTRY\\MACHINE\\SOFTWARE\\Round";
  private static final String HERE = "10.20.30.40";
  private static final String THERE = "203.0.113.7";

  final SimulatedGuest guest;
  private final List<Runnable> steps =
      List.of(
          this::start,
          this::connect,
          this::createKey,
          this::changeValue,
          this::changeState,
          this::comeAndGo,
          this::deleteKey,
          this::close,
          this::exit,
          this::exitAndFree);
  private int step;
  private int round;
  private int pid;
  private int child;
  private int connection;

  BusyLife(SimulatedGuest.Builder builder) {
    guest = builder.rootkit(false).boot();
    guest.registry().createKey(SOFTWARE);
  }

  int stepsInRound() {
    return steps.size();
  }

  String name() {
    return List.of(
            "start",
            "connect",
            "createKey",
            "changeValue",
            "changeState",
            "comeAndGo",
            "deleteKey",
            "close",
            "exit",
            "exitAndFree")
        .get((step + steps.size() - 1) % steps.size());
  }

  void next() {
    guest.advance(Duration.ofSeconds(2));
    steps.get(step % steps.size()).run();
    step++;
    guest.advance(Duration.ofSeconds(1));
  }

  private String key() {
    return SOFTWARE + "\\" + round;
  }

  private void start() {
    round++;
    pid = guest.start("round%d.exe".formatted(round), 4);
    child = guest.start("child%d.exe".formatted(round), pid);
  }

  private void connect() {
    connection = guest.network().connect(pid, HERE, 20_000 + round, THERE, 443, "SYN_SENT");
    guest.network().listen(pid, "UDP", "0.0.0.0", 30_000 + round);
  }

  private void createKey() {
    guest.registry().createKey(key());
    guest.registry().setText(key(), "Name", "first");
  }

  private void changeValue() {
    guest.registry().setText(key(), "Name", "second and longer");
    guest.registry().setNumber(key(), "Number", round);
  }

  private void changeState() {
    guest.network().setState(connection, "ESTABLISHED");
  }

  private void comeAndGo() {
    int passing = guest.start("passing%d.exe".formatted(round), pid);
    guest.advance(Duration.ofMillis(300));
    guest.exit(passing);
  }

  private void deleteKey() {
    guest.registry().deleteKey(key());
  }

  private void close() {
    guest.network().close(connection);
  }

  private void exit() {
    guest.exit(child);
  }

  private void exitAndFree() {
    guest.exit(pid);
    guest.free(pid);
  }
}
