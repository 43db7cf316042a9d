package io.ramtide.correlator.capture;

/** Times that can be told. */
public final class Times {
  /** 9999-12-31: later times do not fit into RFC 3339. Microseconds since 1970 UTC. */
  public static final long MAX_MICROS = 253_402_300_799_999_999L;

  /** The same in 100 ns since 1601 UTC. */
  private static final long MAX_FILE_TIME = 2_650_467_743_999_999_999L;

  private Times() {}

  /** Null if it cannot be: the guest chose it. */
  public static Long plausible(Long fileTime) {
    return fileTime == null || fileTime <= 0 || fileTime > MAX_FILE_TIME ? null : fileTime;
  }
}
