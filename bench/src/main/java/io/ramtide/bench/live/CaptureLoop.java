package io.ramtide.bench.live;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.Progress;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Captures a guest at an interval; what is late is not made up for. */
final class CaptureLoop extends Captures {
  static final UUID DOMAIN = UUID.fromString("be2c4000-0000-4000-8000-000000000002");

  private final Acquirer acquirer;
  private final SharedGuest guest;
  private final long interval;
  private final Thread thread = new Thread(this::run, "acquirer-loop");
  private volatile boolean stopped;
  private volatile Throwable failure;

  CaptureLoop(Acquirer acquirer, SharedGuest guest, Duration interval) {
    this.acquirer = acquirer;
    this.guest = guest;
    this.interval = interval.toNanos();
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      long next = System.nanoTime();
      while (!stopped) {
        long begin = System.nanoTime();
        capture(begin);
        next = Math.max(next + interval, System.nanoTime());
        TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
      }
    } catch (CaptureException | IOException | InterruptedException | RuntimeException e) {
      failure = e;
    }
  }

  private void capture(long begin) throws CaptureException, IOException {
    try (MemorySource source = guest.source()) {
      long number =
          acquirer.capture(DOMAIN, Optional.of("live"), source, Progress.NONE).getCapture();
      starts.put(number, begin);
      ends.put(number, System.nanoTime());
    }
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    acquirer.close();
  }

  @Override
  void check() {
    if (failure != null) {
      throw new IllegalStateException("the captures ended", failure);
    }
  }
}
