package io.ramtide.testkit.windows.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A security identifier in memory: revision and number of subauthorities (a byte each), authority
 * (6 bytes, big-endian), subauthorities (4 bytes each, little-endian). Source: winnt.h.
 */
public final class Sid {

  private Sid() {}

  /** The bytes of a SID in the form S-1-5-18. */
  public static byte[] bytes(String sid) {
    long[] parts = Arrays.stream(sid.split("-")).skip(1).mapToLong(Long::parseLong).toArray();
    ByteBuffer b = ByteBuffer.allocate(4 * parts.length).order(ByteOrder.LITTLE_ENDIAN);
    b.put((byte) parts[0]).put((byte) (parts.length - 2)).put(7, (byte) parts[1]).position(8);
    for (int i = 2; i < parts.length; i++) {
      b.putInt((int) parts[i]);
    }
    return b.array();
  }
}
