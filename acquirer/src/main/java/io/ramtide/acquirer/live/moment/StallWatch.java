package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.live.LiveGuest;
import java.io.Closeable;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long the hypervisor makes a guest stand still, by asking all the time: from the last
 * answer "runs" before to the first "runs" after, so never too short, and too long by two answers.
 */
final class StallWatch implements Closeable {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final LiveGuest guest;
  private final Thread thread;
  private volatile boolean over;
  private long standsSince = -1;
  private long stalledNanos;
  private boolean failed;

  StallWatch(LiveGuest guest) {
    this.guest = guest;
    thread = new Thread(this::watch, "stall-" + guest.uuid());
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    long ran = System.nanoTime();
    try {
      boolean last;
      do {
        last = over;
        boolean paused = guest.isPaused();
        long now = System.nanoTime();
        if (paused && standsSince < 0) {
          standsSince = ran;
        } else if (!paused) {
          if (standsSince >= 0) {
            stalledNanos += now - standsSince;
            standsSince = -1;
          }
          ran = now;
        }
        if (!last) {
          LockSupport.parkNanos(EVERY_NANOS);
        }
      } while (!last);
    } catch (IOException e) {
      failed = true;
    }
  }

  /** Ends the measuring; empty if the guest's state could not be asked, or it stands still yet. */
  OptionalLong micros() {
    close();
    return failed || standsSince >= 0
        ? OptionalLong.empty()
        : OptionalLong.of(TimeUnit.NANOSECONDS.toMicros(stalledNanos));
  }

  @Override
  public void close() {
    over = true;
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
