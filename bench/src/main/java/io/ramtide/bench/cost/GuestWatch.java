package io.ramtide.bench.cost;

import io.ramtide.testkit.lab.LabGuest;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Sees how long a guest's counter stands still, and how QEMU's memory grows. */
final class GuestWatch implements Closeable {
  private static final long LOOK_NANOS = 200_000;
  private static final int LOOKS_A_MEASURE = 20;

  private final LabGuest guest;
  private final Thread thread = new Thread(this::watch, "guest-watch");
  private final double before;
  private volatile boolean stopped;
  private volatile IOException failure;
  private long longest;
  private double most;

  GuestWatch(LabGuest guest) throws IOException {
    this.guest = guest;
    before = Processes.residentMib(guest.pid());
    most = before;
    thread.setDaemon(true);
    thread.setPriority(Thread.MAX_PRIORITY);
    thread.start();
  }

  private void watch() {
    try {
      long pid = guest.pid();
      long counter = guest.counter();
      long seen = System.nanoTime();
      for (int look = 0; !stopped; look++) {
        long now = guest.counter();
        long at = System.nanoTime();
        longest = Math.max(longest, at - seen);
        if (now != counter) {
          counter = now;
          seen = at;
        }
        if (look % LOOKS_A_MEASURE == 0) {
          most = Math.max(most, Processes.residentMib(pid));
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
      most = Math.max(most, Processes.residentMib(pid));
    } catch (IOException e) {
      failure = e;
    }
  }

  void stop() throws IOException, InterruptedException {
    stopped = true;
    thread.join();
    if (failure != null) {
      throw failure;
    }
  }

  /** To be asked for after {@link #stop}. */
  double longestStallMillis() {
    return longest / 1e6;
  }

  /** The most that it was above the beginning; to be asked for after {@link #stop}. */
  double grownMib() {
    return most - before;
  }

  @Override
  public void close() {
    stopped = true;
  }
}
