package io.ramtide.acquirer.live.moment;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.qemu.Monitor;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * QEMU's limit max-bandwidth, put back afterwards: libvirt's snapshot leaves it raised. A note
 * tells the limit to who comes after a capture that was killed.
 */
final class MigrationBandwidth implements Closeable {
  private static final String LIMIT = "max-bandwidth";
  private static final String NOTE = "snapshot";

  private final Monitor monitor;
  private final GuestNote note;
  private final long bytesPerSecond;

  private MigrationBandwidth(Monitor monitor, GuestNote note, long bytesPerSecond) {
    this.monitor = monitor;
    this.note = note;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** The limit as it is now. */
  static MigrationBandwidth keep(LiveGuest guest, Path folder) throws IOException {
    Monitor monitor = guest.monitor();
    long now = now(monitor);
    GuestNote note =
        GuestNote.write(guest, folder, NOTE, GuestNote.fields().put("bytesPerSecond", now));
    return new MigrationBandwidth(monitor, note, now);
  }

  /**
   * Puts it back after a capture that was killed.
   *
   * @return whether that was needed
   * @throws IOException if libvirt's snapshot goes on yet
   */
  static boolean repair(LiveGuest guest, Path folder) throws IOException {
    Optional<GuestNote> left = GuestNote.leftBy(guest, folder, NOTE);
    if (left.isEmpty()) {
      return false;
    }
    try (GuestNote note = left.get()) {
      JsonNode fields = note.read();
      if (!guest.run().equals(fields.path("run").asText())) {
        note.remove();
        return false;
      }
      Monitor monitor = guest.monitor();
      RunState.requireIdle(guest, monitor);
      long before = fields.path("bytesPerSecond").asLong();
      boolean raised = before > 0 && now(monitor) != before;
      if (raised) {
        monitor.execute("migrate-set-parameters", Map.of(LIMIT, before));
      }
      note.remove();
      return raised;
    }
  }

  private static long now(Monitor monitor) throws IOException {
    return monitor.execute("query-migrate-parameters", Map.of()).path(LIMIT).asLong();
  }

  /** Puts it back. */
  @Override
  public void close() throws IOException {
    boolean restored = false;
    try {
      if (now(monitor) != bytesPerSecond) {
        monitor.execute("migrate-set-parameters", Map.of(LIMIT, bytesPerSecond));
      }
      restored = true;
    } finally {
      if (restored) {
        note.remove();
      } else {
        note.close();
      }
    }
  }
}
