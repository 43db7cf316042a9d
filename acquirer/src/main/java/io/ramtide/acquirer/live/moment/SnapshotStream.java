package io.ramtide.acquirer.live.moment;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.qemu.Monitor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The stream of a background snapshot, from QEMU over a unix socket. */
final class SnapshotStream implements ReadableByteChannel {
  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration CONNECT = Duration.ofSeconds(30);
  private static final long MAX_DEVICE_STATE = 256L << 20;

  private final LiveGuest guest;
  private final Monitor monitor;
  private final Path folder;
  private final MigrationSocket socket;

  private SnapshotStream(LiveGuest guest, Monitor monitor, Path folder, MigrationSocket socket) {
    this.guest = guest;
    this.monitor = monitor;
    this.folder = folder;
    this.socket = socket;
  }

  /** QEMU lets any guest run on after its snapshot, also one that somebody had paused. */
  static void requireRunning(LiveGuest guest, Monitor monitor) throws IOException {
    String state = RunState.runState(monitor);
    if (!state.equals("running")) {
      throw new IOException(
          ("%s: is %s, and QEMU would let it run on after a background snapshot; resume it, or"
                  + " capture it by method paused, which leaves it so")
              .formatted(guest.name(), state));
    }
  }

  /** Has QEMU begin, under {@link SnapshotCapability}, and waits until it has connected. */
  static SnapshotStream begin(LiveGuest guest, Monitor monitor, Path folder) throws IOException {
    MigrationSocket socket = MigrationSocket.listen(folder, guest.uuid(), guest.pid());
    boolean begun = false;
    try {
      SnapshotStream stream = new SnapshotStream(guest, monitor, folder, socket);
      monitor.execute("migrate", Map.of("uri", socket.uri()));
      stream.connect();
      begun = true;
      return stream;
    } finally {
      if (!begun) {
        socket.close();
      }
    }
  }

  /**
   * QEMU connects in its own time, and says in its status why it did not. That is asked beside the
   * waiting: a QEMU that has begun may answer only when its stream is read.
   */
  private void connect() throws IOException {
    long deadline = System.nanoTime() + CONNECT.toNanos();
    FutureTask<JsonNode> status = ask();
    while (!socket.accept(POLL)) {
      if (System.nanoTime() > deadline) {
        throw new IOException(
            "%s: QEMU has not connected to %s for %d s"
                .formatted(guest.name(), socket.uri(), CONNECT.toSeconds()));
      }
      if (status.isDone()) {
        JsonNode migration = answer(status);
        if (!RunState.isBusy(migration) && !socket.accept(POLL)) {
          throw failed(migration);
        }
        if (socket.isConnected()) {
          return;
        }
        status = ask();
      }
    }
  }

  private FutureTask<JsonNode> ask() {
    FutureTask<JsonNode> status = new FutureTask<>(() -> RunState.migration(monitor));
    Thread thread = new Thread(status, "migration-" + guest.uuid());
    thread.setDaemon(true);
    thread.start();
    return status;
  }

  private static JsonNode answer(FutureTask<JsonNode> status) throws IOException {
    try {
      return status.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (IOException) new InterruptedIOException("interrupted").initCause(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  IOException failed(JsonNode migration) {
    return new IOException(
        "%s: QEMU's background snapshot failed (%s): %s"
            .formatted(
                guest.name(),
                migration.path("status").asText("none"),
                migration
                    .path("error-desc")
                    .asText("can QEMU's user reach the folder " + folder + "?")));
  }

  /**
   * Reads to the end: what comes behind RAM is not wanted, but QEMU is content only when it is rid
   * of it.
   *
   * @param ram bytes of it that are yet to come, at most
   */
  void discard(long ram) throws IOException {
    ByteBuffer rest = ByteBuffer.allocate(1 << 16);
    long drained = 0;
    int read;
    while ((read = socket.read(rest.clear())) >= 0) {
      drained += read;
      if (drained > ram + MAX_DEVICE_STATE) {
        throw new IOException(
            "%s: QEMU's snapshot has no end: %d bytes so far".formatted(guest.name(), drained));
      }
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return socket.read(target);
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
