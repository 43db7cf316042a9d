package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.live.memory.ProcessMemory;
import io.ramtide.acquirer.live.memory.SharedMemory;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The guest stands still while another method reads it: a point in time. It runs on when everything
 * was read, when that fails or takes too long, and after a crash by {@link #repair}. A guest that
 * was paused before stays paused.
 */
public final class Paused implements CaptureMethod {
  private static final Logger LOG = LoggerFactory.getLogger(Paused.class);

  /** The best first. */
  private static final Map<Method, Factory> READERS =
      new EnumMap<>(
          Map.of(Method.SHARED_MEMORY, SharedMemory::of, Method.PROCESS, ProcessMemory::of));

  private final LiveGuest guest;
  private final MethodOptions options;
  private final CaptureMethod reader;
  private final ScheduledExecutorService watchdog;
  private boolean warm;

  Paused(LiveGuest guest, MethodOptions options, CaptureMethod reader) {
    this.guest = guest;
    this.options = options;
    this.reader = reader;
    watchdog =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "pause-" + guest.uuid());
              thread.setDaemon(true);
              return thread;
            });
  }

  public static CaptureMethod of(LiveGuest guest, MethodOptions options) throws IOException {
    StringBuilder reasons = new StringBuilder();
    for (Map.Entry<Method, Factory> reader : READERS.entrySet()) {
      try {
        return new Paused(guest, options, reader.getValue().of(guest, options));
      } catch (GuestGoneException e) {
        throw e;
      } catch (IOException e) {
        reasons.append("; ").append(reader.getKey().text()).append(": ").append(e.getMessage());
      }
    }
    throw new MethodUnavailableException(
        "%s: pausing it is of no use, for nothing can read it then%s"
            .formatted(guest.name(), reasons),
        null);
  }

  /**
   * Resumes a guest that a capture paused whose process was killed, or lost its connection. Call it
   * for every guest that appears on a connection.
   *
   * @return what was done or left alone, one sentence; empty if there was nothing to do
   */
  public static Optional<String> repair(LiveGuest guest, MethodOptions options) throws IOException {
    return PauseRepair.repair(guest, options.folder());
  }

  @Override
  public Method method() {
    return Method.PAUSED;
  }

  @Override
  public MemorySource open() throws IOException {
    repair(guest, options).ifPresent(LOG::warn);
    RunState.requireIdle(guest, guest.monitor());
    if (guest.isPaused()) {
      return new PausedSource(guest, reader.open(), Optional.empty());
    }
    String state = RunState.runState(guest.monitor());
    if (!state.equals("running")) {
      throw new IOException(
          "%s: cannot be paused now, for QEMU says it is %s; capture it later"
              .formatted(guest.name(), state));
    }
    if (!warm) {
      // What the reader sets up once must not be set up while the guest waits.
      reader.open().close();
      warm = true;
    }
    Pause pause = Pause.of(guest, options, watchdog);
    MemorySource source = null;
    try {
      source = new PausedSource(guest, reader.open(), Optional.of(pause));
      return source;
    } finally {
      if (source == null) {
        pause.end();
      }
    }
  }

  @Override
  public void close() throws IOException {
    watchdog.shutdown(); // The limit of a pause that is still on comes nevertheless.
    reader.close();
  }
}
