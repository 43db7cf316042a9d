package io.ramtide.acquirer.live.moment;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.qemu.Monitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** What QEMU says of a guest that something is about to change: whether it runs, and migrates. */
final class RunState {
  /** Statuses in which a migration, a save or a snapshot has the guest in its hands. */
  private static final Set<String> BUSY =
      Set.of(
          "setup",
          "cancelling",
          "active",
          "postcopy-active",
          "postcopy-paused",
          "postcopy-recover",
          "postcopy-recover-setup",
          "colo",
          "pre-switchover",
          "device",
          "wait-unplug");

  private RunState() {}

  /** QEMU's run state: running, paused, finish-migrate, and some more. */
  static String runState(Monitor monitor) throws IOException {
    return monitor.execute("query-status", Map.of()).path("status").asText("unknown");
  }

  static JsonNode migration(Monitor monitor) throws IOException {
    return monitor.execute("query-migrate", Map.of());
  }

  static boolean isBusy(JsonNode migration) {
    return BUSY.contains(migration.path("status").asText("none"));
  }

  /**
   * @throws IOException if the guest is migrated, saved or snapshotted now
   */
  static void requireIdle(LiveGuest guest, Monitor monitor) throws IOException {
    JsonNode migration = migration(monitor);
    if (isBusy(migration)) {
      throw new IOException(
          "%s: is being migrated, saved or snapshotted now (%s); capture it afterwards"
              .formatted(guest.name(), migration.path("status").asText()));
    }
  }

  /**
   * Nanoseconds that the guest's processors ran on this host, from /proc/PID/task/TID/schedstat.
   * While they stand still it does not grow.
   */
  static long processorNanos(LiveGuest guest, Monitor monitor) throws IOException {
    Path tasks = Path.of("/proc", Long.toString(guest.pid()), "task");
    long nanos = 0;
    for (JsonNode processor : monitor.execute("query-cpus-fast", Map.of())) {
      String thread = Long.toString(processor.path("thread-id").asLong());
      String text = Files.readString(tasks.resolve(thread).resolve("schedstat"));
      nanos += Long.parseLong(text.split(" ", 2)[0]);
    }
    return nanos;
  }
}
