package io.ramtide.testkit.lab;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Waiting for something that another process does. */
final class Waiting {

  interface Condition {
    boolean holds() throws IOException;
  }

  private Waiting() {}

  /** Fails if it does not come true within a minute. */
  static void until(String what, Condition condition) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        throw new IOException("waited a minute in vain: " + what);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(2);
      } catch (InterruptedException e) {
        throw Tool.interrupted(e);
      }
    }
  }
}
