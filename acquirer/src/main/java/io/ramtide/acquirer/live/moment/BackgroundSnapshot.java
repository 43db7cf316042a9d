package io.ramtide.acquirer.live.moment;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.host.AccessRefusedException;
import io.ramtide.acquirer.host.HostProcess;
import io.ramtide.acquirer.host.UserFaults;
import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.qemu.stream.RamImage;
import io.ramtide.acquirer.qemu.stream.RamStream;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * QEMU's live snapshot: RAM of one moment, over a unix socket, while the guest runs on. QEMU
 * write-protects RAM (userfaultfd) and sends each page before the guest's first write to it. Needs
 * QEMU 6.0, Linux 5.7, and QEMU as root or vm.unprivileged_userfaultfd=1.
 *
 * <p>The limit max-bandwidth does not hold for it, so it is not touched.
 */
public final class BackgroundSnapshot implements CaptureMethod {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundSnapshot.class);

  private final LiveGuest guest;
  private final MethodOptions options;

  private BackgroundSnapshot(LiveGuest guest, MethodOptions options) {
    this.guest = guest;
    this.options = options;
  }

  public static CaptureMethod of(LiveGuest guest, MethodOptions options) throws IOException {
    MigrationSocket.pathIn(options.folder(), guest.uuid());
    Monitor monitor = guest.monitor();
    requireRescue(guest);
    repair(guest, options).ifPresent(LOG::warn);
    RunState.requireIdle(guest, monitor);
    try (SnapshotCapability on = SnapshotCapability.on(guest, options.folder())) {
      on.unused();
      return new BackgroundSnapshot(guest, options);
    }
  }

  /**
   * A guest whose snapshot fails hangs until someone frees its memory: who cannot do that must not
   * begin.
   */
  private static void requireRescue(LiveGuest guest) throws IOException {
    try {
      UserFaults.requireAccess(HostProcess.of(guest.pid()));
    } catch (AccessRefusedException e) {
      throw new MethodUnavailableException(
          "%s: if QEMU's snapshot failed, nobody could free the guest's memory: %s"
              .formatted(guest.name(), e.getMessage()),
          e);
    }
  }

  /**
   * Ends the snapshot of a capture whose process was killed, and switches QEMU's capability off
   * again. Call it for every guest that appears on a connection.
   *
   * @return what was done, one sentence; empty if there was nothing to do
   */
  public static Optional<String> repair(LiveGuest guest, MethodOptions options) throws IOException {
    return SnapshotCapability.repair(guest, options.folder());
  }

  @Override
  public Method method() {
    return Method.BACKGROUND_SNAPSHOT;
  }

  @Override
  public MemorySource open() throws IOException {
    repair(guest, options).ifPresent(LOG::warn);
    Monitor monitor = guest.monitor();
    RunState.requireIdle(guest, monitor);
    SnapshotStream.requireRunning(guest, monitor);
    MachineFacts machine = guest.facts();
    GuestLayout layout = guest.layout();
    RamImage image = null;
    boolean kept = false;
    try (SnapshotCapability on = SnapshotCapability.on(guest, options.folder());
        SnapshotStream stream = SnapshotStream.begin(guest, monitor, options.folder())) {
      String name = "QEMU's snapshot of " + guest.name();
      image = RamStream.spool(name, stream, (type, blocks) -> layout, options.folder());
      stream.discard(0);
      JsonNode migration = on.settled();
      if (!migration.path("status").asText().equals("completed")) {
        throw stream.failed(migration);
      }
      OptionalLong stall = downtime(migration);
      Layouts.requireSame(guest, layout);
      MemorySource source = new ImageSource(guest, method(), image, machine, stall);
      kept = true;
      return source;
    } finally {
      if (!kept && image != null) {
        image.close();
      }
    }
  }

  private static OptionalLong downtime(JsonNode migration) {
    JsonNode millis = migration.path("downtime");
    return millis.canConvertToLong()
        ? OptionalLong.of(1000 * millis.asLong())
        : OptionalLong.empty();
  }

  @Override
  public void close() {}
}
