package io.ramtide.acquirer.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.qemu.MonitorException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** QEMU's migration capability background-snapshot, switched on for a while. */
final class SnapshotCapability implements Closeable {
  private static final String NAME = "background-snapshot";
  private static final String NOTE = "background-snapshot";
  private static final Duration SETTLES = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(5);

  private final LiveGuest guest;
  private final Monitor monitor;
  private final GuestNote note;

  private SnapshotCapability(LiveGuest guest, Monitor monitor, GuestNote note) {
    this.guest = guest;
    this.monitor = monitor;
    this.note = note;
  }

  /**
   * Switches it on, after a note on disk.
   *
   * @throws MethodUnavailableException if QEMU refuses, with its words
   */
  static SnapshotCapability on(LiveGuest guest, Path folder) throws IOException {
    Monitor monitor = guest.monitor();
    if (isOn(guest, monitor)) {
      throw new IOException(
          "%s: someone has switched on QEMU's capability %s; switch it off and capture again"
              .formatted(guest.name(), NAME));
    }
    GuestNote note = GuestNote.write(guest, folder, NOTE, GuestNote.fields());
    try {
      set(monitor, true);
    } catch (MonitorException e) {
      note.remove();
      throw new MethodUnavailableException(
          ("%s: QEMU cannot snapshot it: %s. It needs Linux 5.7 with userfaultfd, QEMU as root or"
                  + " sysctl vm.unprivileged_userfaultfd=1, and RAM that is anonymous, a memfd or in"
                  + " /dev/shm")
              .formatted(guest.name(), e.getMessage()),
          e);
    }
    return new SnapshotCapability(guest, monitor, note);
  }

  static Optional<String> repair(LiveGuest guest, Path folder) throws IOException {
    Optional<GuestNote> left = GuestNote.leftBy(guest, folder, NOTE);
    if (left.isEmpty()) {
      return Optional.empty();
    }
    try (GuestNote note = left.get()) {
      Monitor monitor = guest.monitor();
      if (!guest.run().equals(note.read().path("run").asText()) || !isOn(guest, monitor)) {
        note.remove();
        return Optional.empty();
      }
      new SnapshotCapability(guest, monitor, note).close();
    }
    return Optional.of(
        "%s: a capture was killed in its background snapshot; QEMU's capability is off again"
            .formatted(guest.name()));
  }

  /** The migration once it is over, or has had its time. */
  static JsonNode settled(LiveGuest guest, Monitor monitor) throws IOException {
    long deadline = System.nanoTime() + SETTLES.toNanos();
    while (true) {
      JsonNode migration = RunState.migration(monitor);
      if (!RunState.isBusy(migration)) {
        return migration;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "%s: QEMU's snapshot does not end: it is %s after %d s"
                .formatted(
                    guest.name(), migration.path("status").asText(), SETTLES.toSeconds()));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** Ends what is under way, and switches the capability off. */
  @Override
  public void close() throws IOException {
    boolean off = false;
    try {
      if (RunState.isBusy(RunState.migration(monitor))) {
        monitor.execute("migrate_cancel", Map.of());
        settled(guest, monitor);
      }
      awaitReleased();
      set(monitor, false);
      off = true;
    } catch (GuestGoneException e) {
      off = true; // It took its capability along.
      throw e;
    } finally {
      if (off) {
        note.remove();
      } else {
        note.close();
      }
    }
  }

  /**
   * QEMU calls a snapshot over before it has lifted the write protection; until then it refuses the
   * capability even if it is on already.
   */
  private void awaitReleased() throws IOException {
    long deadline = System.nanoTime() + SETTLES.toNanos();
    while (true) {
      try {
        set(monitor, true);
        return;
      } catch (MonitorException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  private static boolean isOn(LiveGuest guest, Monitor monitor) throws IOException {
    for (JsonNode capability : monitor.execute("query-migrate-capabilities", Map.of())) {
      if (capability.path("capability").asText().equals(NAME)) {
        return capability.path("state").asBoolean();
      }
    }
    throw new MethodUnavailableException(
        "%s: this QEMU knows no background snapshots; it takes QEMU 6.0 or later"
            .formatted(guest.name()),
        null);
  }

  private static void set(Monitor monitor, boolean on) throws MonitorException {
    monitor.execute(
        "migrate-set-capabilities",
        Map.of("capabilities", List.of(Map.of("capability", NAME, "state", on))));
  }
}
