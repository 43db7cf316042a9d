package io.ramtide.scanner.windows.network;

/** Texts of IP addresses: dotted decimals, and for IPv6 the canonical form of RFC 5952. */
final class IpAddress {
  private static final int GROUPS = 8;
  private static final int MAPPED_PREFIX = 12;

  private IpAddress() {}

  /** Bytes of an address of that version. */
  static int bytes(int version) {
    return version == 4 ? 4 : 16;
  }

  /** The address that stands for any. */
  static String any(int version) {
    return version == 4 ? "0.0.0.0" : "::";
  }

  /**
   * @param address 4 or 16 bytes, in network order
   */
  static String text(byte[] address) {
    if (address.length == 4) {
      return dotted(address, 0);
    }
    return isMapped(address) ? "::ffff:" + dotted(address, MAPPED_PREFIX) : groups(address);
  }

  private static String dotted(byte[] bytes, int at) {
    return "%d.%d.%d.%d"
        .formatted(
            bytes[at] & 0xff, bytes[at + 1] & 0xff, bytes[at + 2] & 0xff, bytes[at + 3] & 0xff);
  }

  /** Whether it is an IPv4 address in the form that IPv6 has for it: ::ffff:0:0/96. */
  private static boolean isMapped(byte[] address) {
    for (int i = 0; i < MAPPED_PREFIX; i++) {
      if (address[i] != (i < MAPPED_PREFIX - 2 ? 0 : -1)) {
        return false;
      }
    }
    return true;
  }

  /** The longest run of zeros, of equals the first, is left out if it has two groups or more. */
  private static String groups(byte[] address) {
    int start = GROUPS;
    int length = 1;
    for (int i = 0; i < GROUPS; i++) {
      int run = 0;
      while (i + run < GROUPS && group(address, i + run) == 0) {
        run++;
      }
      if (run > length) {
        start = i;
        length = run;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
        continue;
      }
      if (text.length() > 0 && i != start + length) {
        text.append(':');
      }
      text.append(Integer.toHexString(group(address, i)));
    }
    return text.toString();
  }

  private static int group(byte[] address, int i) {
    return ((address[2 * i] & 0xff) << 8) | (address[2 * i + 1] & 0xff);
  }
}
