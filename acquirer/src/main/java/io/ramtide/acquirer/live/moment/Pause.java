package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.qemu.Monitor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One time that a guest stands still for us: from its beginning on, something resumes it. */
final class Pause {
  private static final Logger LOG = LoggerFactory.getLogger(Pause.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final LiveGuest guest;
  private final MethodOptions options;
  private final GuestNote note;
  private final long startedAt;
  private ScheduledFuture<?> limit;
  private volatile boolean expired;
  private boolean over;
  private OptionalLong micros = OptionalLong.empty();

  private Pause(LiveGuest guest, MethodOptions options, GuestNote note) {
    this.guest = guest;
    this.options = options;
    this.note = note;
    startedAt = System.nanoTime();
  }

  /**
   * Suspends a guest that runs.
   *
   * @throws IOException if it cannot be suspended; then it runs on
   */
  static Pause of(LiveGuest guest, MethodOptions options, ScheduledExecutorService watchdog)
      throws IOException {
    Monitor monitor = guest.monitor();
    long ran = RunState.processorNanos(guest, monitor);
    GuestNote note =
        GuestNote.write(
            guest, options.folder(), PauseRepair.NOTE, GuestNote.fields().put("ranNanos", ran));
    Pause pause = new Pause(guest, options, note);
    boolean paused = false;
    try {
      pause.limit =
          watchdog.schedule(pause::expire, options.maxPause().toNanos(), TimeUnit.NANOSECONDS);
      guest.suspend();
      long stood = RunState.processorNanos(guest, monitor);
      note.append(GuestNote.fields().put("stoodAtNanos", stood));
      paused = true;
      return pause;
    } finally {
      if (!paused) {
        pause.end();
      }
    }
  }

  /**
   * What was read up to now was read from a guest that stood still.
   *
   * @throws IOException if the guest had to be resumed, or someone else resumed it
   */
  void requireStanding() throws IOException {
    if (expired) {
      throw new IOException(
          ("%s: reading took longer than %s, the longest pause allowed; it runs on and this capture"
                  + " is given up; allow a longer pause or take another method")
              .formatted(guest.name(), shown(options.maxPause())));
    }
  }

  /** As {@link #requireStanding}, and asks whether it really stands. */
  void requirePaused() throws IOException {
    requireStanding();
    if (!guest.isPaused()) {
      requireStanding();
      throw new IOException(
          "%s: someone resumed it while it was read; this capture is given up; capture it again"
              .formatted(guest.name()));
    }
  }

  /** How long it stood still at most: from before the suspending to after the resuming. */
  synchronized OptionalLong micros() {
    return micros;
  }

  /** Lets the guest run on. If that fails it is tried again until it works or the guest is gone. */
  synchronized void end() throws IOException {
    if (over) {
      return;
    }
    over = true;
    limit.cancel(false);
    boolean runs = false;
    try {
      resume();
      runs = true;
      note.remove();
    } catch (GuestGoneException e) {
      note.remove();
      throw e;
    } finally {
      micros = OptionalLong.of(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startedAt));
      if (!runs) {
        note.close();
        retryLater();
      }
    }
  }

  /** Someone else's migration may have begun or ended meanwhile: then the guest is theirs. */
  private void resume() throws IOException {
    String state = RunState.runState(guest.monitor());
    if (state.equals("paused")) {
      guest.resume();
    } else if (!state.equals("running")) {
      LOG.warn("{}: is not resumed, for QEMU says it is {}", guest.name(), state);
    }
  }

  private void expire() {
    synchronized (this) {
      if (over) {
        return;
      }
      expired = true;
    }
    try {
      end();
    } catch (IOException e) {
      LOG.error("{}: could not be resumed yet, and is tried again: {}", guest.name(), e.toString());
    }
  }

  private void retry() {
    Path folder = options.folder();
    try {
      Optional<String> done = PauseRepair.repair(guest, folder);
      done.ifPresent(LOG::warn);
    } catch (GuestGoneException e) {
      LOG.debug("{}: ended", guest.name());
    } catch (IOException | RuntimeException e) {
      LOG.error("{}: could not be resumed yet, and is tried again: {}", guest.name(), e.toString());
      retryLater();
    }
  }

  private void retryLater() {
    CompletableFuture.delayedExecutor(RETRY.toMillis(), TimeUnit.MILLISECONDS).execute(this::retry);
  }

  private static String shown(Duration duration) {
    return duration.toMillis() + " ms";
  }
}
