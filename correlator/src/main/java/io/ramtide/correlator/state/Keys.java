package io.ramtide.correlator.state;

import java.util.Locale;

/** Store keys {@code domain/number}, so that a domain's records are one range in order. */
final class Keys {
  private static final int DIGITS = 16;

  private Keys() {}

  static String of(String domain, long number) {
    return String.format(Locale.ROOT, "%s/%0" + DIGITS + "x", domain, number);
  }

  static String first(String domain) {
    return of(domain, 0);
  }

  static String last(String domain) {
    return of(domain, Long.MAX_VALUE);
  }

  static long number(String key) {
    return Long.parseLong(key.substring(key.length() - DIGITS), 16);
  }
}
