package io.ramtide.acquirer.live.moment;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.host.HostProcess;
import io.ramtide.acquirer.host.ProcessGoneException;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.qemu.MonitorException;
import io.ramtide.acquirer.source.Ranges;
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

  private static final String MARKED = "marked";

  private final LiveGuest guest;
  private final Path folder;
  private final Monitor monitor;
  private final HostProcess process;
  private final GuestNote note;
  private boolean completed;

  private SnapshotCapability(
      LiveGuest guest, Path folder, Monitor monitor, HostProcess process, GuestNote note) {
    this.guest = guest;
    this.folder = folder;
    this.monitor = monitor;
    this.process = process;
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
    HostProcess process = HostProcess.of(guest.pid());
    GuestNote note =
        GuestNote.write(
            guest,
            folder,
            NOTE,
            GuestNote.fields()
                .put("process", process.pid())
                .put("startTicks", process.startTicks()));
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
    return new SnapshotCapability(guest, folder, monitor, process, note);
  }

  /** Frees the guest's memory before QEMU is asked anything: QEMU itself may be waiting for it. */
  static Optional<String> repair(LiveGuest guest, Path folder) throws IOException {
    Optional<GuestNote> left = GuestNote.leftBy(guest, folder, NOTE);
    if (left.isEmpty()) {
      return Optional.empty();
    }
    try (GuestNote note = left.get()) {
      MigrationSocket.removeOld(folder, guest.uuid());
      JsonNode fields = note.read();
      HostProcess process =
          new HostProcess(fields.path("process").asLong(), fields.path("startTicks").asLong());
      try {
        Monitor monitor = guest.monitor();
        if (isOnOnceFree(guest, monitor, process) || fields.path(MARKED).booleanValue()) {
          new SnapshotCapability(guest, folder, monitor, process, note).close();
          return Optional.of(
              "%s: a capture failed in its background snapshot; the guest is free of it again"
                  .formatted(guest.name()));
        }
      } catch (ProcessGoneException e) {
        // Nothing of that run is left.
      }
      note.remove();
      return Optional.empty();
    }
  }

  private static boolean isOnOnceFree(LiveGuest guest, Monitor monitor, HostProcess process)
      throws IOException {
    try (ProtectionLifter lifter = ProtectionLifter.start(process)) {
      lifter.once();
      return isOn(guest, monitor);
    }
  }

  /**
   * Waits for the migration's end, and gives how it ended.
   *
   * @throws IOException if it does not end in some seconds
   */
  JsonNode settled() throws IOException {
    long deadline = System.nanoTime() + SETTLES.toNanos();
    while (true) {
      JsonNode migration = RunState.migration(monitor);
      if (!RunState.isBusy(migration)) {
        completed = migration.path("status").asText().equals("completed");
        return migration;
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "%s: QEMU's snapshot does not end: it is %s after %d s"
                .formatted(guest.name(), migration.path("status").asText(), SETTLES.toSeconds()));
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  /** Nothing was begun under it: there is nothing to end but itself. */
  void unused() {
    completed = true;
  }

  /**
   * Ends what is under way, and switches the capability off. QEMU leaves the guest's memory write
   * protected when its snapshot fails or is cancelled, and the guest hangs: so it is freed here.
   */
  @Override
  public void close() throws IOException {
    boolean off = false;
    try {
      if (!completed) {
        free();
        unmark();
      }
      set(monitor, false);
      off = true;
    } catch (GuestGoneException | ProcessGoneException e) {
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

  private void free() throws IOException {
    ProtectionLifter lifter = ProtectionLifter.start(process);
    boolean free = false;
    try {
      end();
      awaitFree(lifter);
      free = true;
    } finally {
      if (free) {
        lifter.close();
      } else {
        lifter.leave();
      }
    }
  }

  /**
   * A QEMU whose snapshot failed holds its RAM for protected, and fails every migration, save and
   * snapshot by libvirt, until a background snapshot completes: so one is made that nobody keeps.
   */
  private void unmark() throws IOException {
    note.append(GuestNote.fields().put(MARKED, true));
    try {
      SnapshotStream.requireRunning(guest, monitor);
      long ram = Ranges.bytes(guest.layout().ram());
      try (SnapshotStream stream = SnapshotStream.begin(guest, monitor, folder)) {
        stream.discard(2 * ram);
        if (!settled().path("status").asText().equals("completed")) {
          throw new IOException("it failed again");
        }
      }
    } catch (GuestGoneException | ProcessGoneException e) {
      throw e;
    } catch (IOException e) {
      free();
      set(monitor, false);
      throw new IOException(
          ("%s: runs on after a background snapshot that failed, but QEMU can neither be migrated"
                  + " nor saved nor snapshotted by libvirt until another one completes: %s; the next"
                  + " start, or capture by a snapshot, tries it again")
              .formatted(guest.name(), e.getMessage()),
          e);
    }
  }

  /**
   * The socket is closed already, so QEMU fails by itself. Cancelled in its setup, it would say it
   * was over and go on to protect the guest's memory.
   */
  private void end() throws IOException {
    try {
      settled();
    } catch (IOException e) {
      monitor.execute("migrate_cancel", Map.of());
      settled();
    }
  }

  /** QEMU accepts the capability, also when it is on, only if no memory is protected. */
  private void awaitFree(ProtectionLifter lifter) throws IOException {
    long deadline = System.nanoTime() + SETTLES.toNanos();
    while (true) {
      lifter.once();
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
