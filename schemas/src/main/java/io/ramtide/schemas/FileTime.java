package io.ramtide.schemas;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Windows time as the contracts carry it: 100 ns since 1601-01-01 UTC. */
public final class FileTime {
  /** 1970-01-01 in 100 ns since 1601-01-01. */
  private static final long UNIX_EPOCH = 116_444_736_000_000_000L;

  private static final long PER_SECOND = 10_000_000L;
  private static final long PER_MICROSECOND = 10L;

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private FileTime() {}

  /** RFC 3339 UTC with seven decimals, e.g. 2026-01-02T03:04:05.1234567Z. */
  public static String format(long fileTime) {
    Instant second = Instant.ofEpochSecond(unixSecond(fileTime));
    return "%s.%07dZ".formatted(SECONDS.format(second), Math.floorMod(fileTime, PER_SECOND));
  }

  /** From microseconds since 1970-01-01 UTC, as host clocks give them. */
  public static long ofMicros(long micros) {
    return Math.addExact(Math.multiplyExact(micros, PER_MICROSECOND), UNIX_EPOCH);
  }

  public static Instant toInstant(long fileTime) {
    return Instant.ofEpochSecond(unixSecond(fileTime), Math.floorMod(fileTime, PER_SECOND) * 100L);
  }

  /** Never overflows: a guest may claim any time. */
  private static long unixSecond(long fileTime) {
    return Math.floorDiv(fileTime, PER_SECOND) - UNIX_EPOCH / PER_SECOND;
  }
}
