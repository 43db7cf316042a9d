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
  private final double filesBefore;
  private volatile boolean stopped;
  private volatile IOException failure;
  private long longest;
  private double most;
  private double filesGrown;

  GuestWatch(LabGuest guest) throws IOException, InterruptedException {
    this.guest = guest;
    filesBefore = Processes.memoryFilesMib(guest.pid());
    before = Processes.anonymousMib(guest.pid());
    most = before;
    thread.setDaemon(true);
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
          most = Math.max(most, Processes.anonymousMib(pid));
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
      most = Math.max(most, Processes.anonymousMib(pid));
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
    filesGrown = Processes.memoryFilesMib(guest.pid()) - filesBefore;
  }

  /** To be asked for after {@link #stop}. */
  double longestStallMillis() {
    return longest / 1e6;
  }

  /** Anonymous memory at most, memory files at the end; to be asked for after {@link #stop}. */
  double grownMib() {
    return most - before + filesGrown;
  }

  @Override
  public void close() {
    stopped = true;
  }
}
