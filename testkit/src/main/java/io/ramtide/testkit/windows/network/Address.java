package io.ramtide.testkit.windows.network;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * An IP address.
 *
 * @param text as it was given
 * @param version 4 or 6
 * @param any whether it stands for all addresses
 */
record Address(String text, int version, boolean any) {

  /** Parses an address without asking anybody. */
  static Address of(String text) {
    byte[] bytes = bytes(text);
    boolean any = Arrays.equals(bytes, new byte[bytes.length]);
    return new Address(text, bytes.length == 4 ? 4 : 6, any);
  }

  /** Network byte order, 4 or 16 bytes. */
  byte[] bytes() {
    return bytes(text);
  }

  private static byte[] bytes(String text) {
    if (!text.matches("[0-9.]{7,15}|[0-9a-f:.]*:[0-9a-f:.]*")) {
      throw new IllegalArgumentException("not an IP address: " + text);
    }
    try {
      InetAddress address = InetAddress.getByName(text);
      if (text.indexOf(':') >= 0 && !(address instanceof Inet6Address)) {
        throw new IllegalArgumentException(text + " is IPv4 in the form of IPv6");
      }
      return address.getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: " + text, e);
    }
  }
}
