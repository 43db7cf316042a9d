package io.ramtide.bench.live;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.Progress;
import io.ramtide.acquirer.source.MemorySource;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Captures a guest at an interval; what is late is not made up for. */
final class CaptureLoop implements Runnable {
  static final UUID DOMAIN = UUID.fromString("be2c4000-0000-4000-8000-000000000002");

  /** Begin of each capture, as System.nanoTime. */
  final Map<Long, Long> starts = new ConcurrentHashMap<>();

  /** End of each capture: its manifest was acknowledged. */
  final Map<Long, Long> ends = new ConcurrentHashMap<>();

  private final Acquirer acquirer;
  private final SharedGuest guest;
  private volatile long interval;
  private volatile boolean stopped;
  private volatile Throwable failure;

  CaptureLoop(Acquirer acquirer, SharedGuest guest, Duration interval) {
    this.acquirer = acquirer;
    this.guest = guest;
    this.interval = interval.toNanos();
  }

  @Override
  public void run() {
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

  void interval(Duration other) {
    interval = other.toNanos();
  }

  void stop() {
    stopped = true;
  }

  /** Throws what ended the loop too early. */
  void check() {
    if (failure != null) {
      throw new IllegalStateException("the captures ended", failure);
    }
  }
}
