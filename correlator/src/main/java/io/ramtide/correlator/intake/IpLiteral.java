package io.ramtide.correlator.intake;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Addresses that a SIEM takes as such: it refuses a whole document for one that is none. */
final class IpLiteral {
  private static final int MAX_LENGTH = 45;
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");
  private static final Pattern MAYBE_V6 = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

  private IpLiteral() {}

  /** The text, or null if it is no IPv4 or IPv6 address. Asks no name server. */
  static String orNull(String text) {
    if (text == null || text.length() > MAX_LENGTH) {
      return null;
    }
    return V4.matcher(text).matches() || isV6(text) ? text : null;
  }

  private static boolean isV6(String text) {
    if (!MAYBE_V6.matcher(text).matches()) {
      return false;
    }
    try {
      InetAddress.getByName(text); // With a colon it can only be a literal.
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
