package io.ramtide.cli.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what can only be asked for, within a limit. */
final class Await {
  static final Duration LIMIT = Duration.ofSeconds(90);
  private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

  private Await() {}

  /** A check that may fail. */
  @FunctionalInterface
  interface Check {
    boolean holds() throws Exception;
  }

  /**
   * @param state what to tell if it does not come true
   */
  static void until(String what, Check check, Supplier<?> state) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!check.holds()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain until " + what + ": " + state.get());
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
