package io.ramtide.correlator.state;

import java.util.Locale;

/** Store keys {@code domain/number}, so that a domain's records are one range in order. */
final class Keys {
  private static final int DIGITS = 16;

  private Keys() {}

  /**
   * @param number unsigned
   */
  static String of(String domain, long number) {
    return String.format(Locale.ROOT, "%s/%0" + DIGITS + "x", domain, number);
  }

  /** Before all of a domain. */
  static String all(String domain) {
    return domain + "/";
  }

  /** After all of a domain. */
  static String end(String domain) {
    return domain + (char) ('/' + 1);
  }

  static long number(String key) {
    return Long.parseUnsignedLong(key.substring(key.length() - DIGITS), 16);
  }
}
