package io.ramtide.acquirer.agent.domain;

import java.time.Duration;

/**
 * When a domain's next capture begins: an interval after the last one began. If that time is over
 * by then, it begins at once; what was missed is skipped, not made up for. Times are of
 * System.nanoTime. Not thread-safe.
 */
final class Schedule {
  private final Duration usual;
  private Duration interval;
  private long usualFrom;
  private boolean overridden;
  private long startedAt;
  private boolean started;
  private long due;
  private long skipped;

  /** The first capture is due at once. */
  Schedule(Duration usual, long now) {
    this.usual = usual;
    interval = usual;
    due = now;
  }

  long due() {
    return due;
  }

  /** The present one. */
  Duration interval(long now) {
    if (overridden && now - usualFrom >= 0) {
      overridden = false;
      interval = usual;
    }
    return interval;
  }

  /** Captures that were not made because the one before was late. */
  long skipped() {
    return skipped;
  }

  /** A capture begins. */
  void begin(long now) {
    startedAt = now;
    started = true;
    due = now + interval(now).toNanos();
  }

  /** It has ended, well or not. */
  void end(long now) {
    long nanos = interval(now).toNanos();
    due = startedAt + nanos;
    if (now - due > 0) {
      skipped += (now - due) / nanos;
      due = now;
    }
  }

  /** The next capture begins as soon as it can. */
  void atOnce(long now) {
    due = now;
  }

  /** The next capture does not begin before that. */
  void notBefore(long time) {
    if (time - due > 0) {
      due = time;
    }
  }

  /** Another interval until a time, then the usual one again. */
  void override(Duration other, long until, long now) {
    interval = other;
    usualFrom = until;
    overridden = true;
    if (started) {
      due = startedAt + other.toNanos();
      due = due - now < 0 ? now : due;
    }
  }
}
