package io.ramtide.bench.live;

import io.ramtide.testkit.SimulatedGuest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** What happens in the guest: one change after the other, each of a kind that a timeline tells. */
final class Scenario {
  private static final String KEY = "\\REGISTRY\\MACHINE\\SOFTWARE\\Live";
  private static final int SYSTEM = 4;
  private static final int FIRST_PORT = 20_000;

  /** Programs and listeners end after others have begun. */
  private static final int AT_ONCE = 4;

  private final SimulatedGuest guest;
  private final Deque<Integer> programs = new ArrayDeque<>();
  private final Deque<Listener> listeners = new ArrayDeque<>();
  private int done;

  private record Listener(int id, int port) {}

  Scenario(SimulatedGuest guest) {
    this.guest = guest;
    guest.registry().createKey(KEY);
  }

  /**
   * Makes the next change.
   *
   * @param passed since the one before
   * @return how {@link Told} knows it again
   */
  String next(Duration passed) {
    guest.advance(passed);
    int number = done++;
    return switch (number % 5) {
      case 0 -> start(number);
      case 1 -> setValue(number);
      case 2 -> listen(number);
      case 3 -> programs.size() > AT_ONCE ? exit() : setValue(number);
      default -> listeners.size() > AT_ONCE ? close() : setValue(number);
    };
  }

  private String start(int number) {
    int pid = guest.start("tool%d.exe".formatted(number), SYSTEM);
    programs.add(pid);
    return "started " + pid;
  }

  private String exit() {
    int pid = programs.remove();
    guest.exit(pid);
    return "exited " + pid;
  }

  private String setValue(int number) {
    String name = "value" + number;
    guest.registry().setText(KEY, name, "set as number " + number);
    return "valueSet " + name;
  }

  private String listen(int number) {
    int port = FIRST_PORT + number;
    listeners.add(new Listener(guest.network().listen(SYSTEM, "TCP", "0.0.0.0", port), port));
    return "listeningOpened " + port;
  }

  private String close() {
    Listener listener = listeners.remove();
    guest.network().close(listener.id());
    return "listeningClosed " + listener.port();
  }
}
