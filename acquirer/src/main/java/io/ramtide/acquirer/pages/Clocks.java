package io.ramtide.acquirer.pages;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Host time as the contracts carry it. */
public final class Clocks {
  private Clocks() {}

  /** Microseconds since 1970 UTC. */
  public static long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }
}
