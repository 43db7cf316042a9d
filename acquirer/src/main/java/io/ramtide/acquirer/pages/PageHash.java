package io.ramtide.acquirer.pages;

import io.ramtide.acquirer.source.MemorySource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * A keyed 64-bit hash of a page, to tell whether the page changed. The guest writes the pages and
 * must not be able to hide a change, so the proof must hold for pages that an adversary chose. NH
 * (Black et al., UMAC, 1999, signed, words of 64 bits) sums 256 products of 128 bits; for two
 * different pages, any difference of their sums occurs for at most one key in 2^63. Here the lower
 * and the upper halves of the products are summed without the carry between them, which is at most
 * 255: two pages with the same two sums have NH sums that differ by one of 511 values, so that
 * happens for at most one key in 2^54, whatever the pages. SipHash-2-4 makes 64 bits of the sums.
 * The key is random, and neither it nor a hash ever leaves the process.
 */
final class PageHash {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final int WORDS = FRAME / Long.BYTES;

  private final long[] key = new long[WORDS];
  private final long sip0;
  private final long sip1;

  PageHash() {
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < WORDS; i++) {
      key[i] = random.nextLong();
    }
    sip0 = random.nextLong();
    sip1 = random.nextLong();
  }

  /** Of the page at this offset of a buffer, whatever its byte order. */
  long of(ByteBuffer bytes, int offset) {
    // A slice of known size: the compiler then drops the bounds checks of the loop.
    ByteBuffer page = bytes.slice(offset, FRAME);
    long[] key = this.key;
    long high = 0;
    long low = 0;
    for (int i = 0; i < WORDS; i += 2) {
      int at = i * Long.BYTES;
      long a = (long) LONG.get(page, at) + key[i];
      long b = (long) LONG.get(page, at + Long.BYTES) + key[i + 1];
      low += a * b;
      high += Math.multiplyHigh(a, b);
    }
    return sipHash(low, high);
  }

  /** SipHash-2-4 of 16 bytes. */
  private long sipHash(long first, long second) {
    long[] v = {
      sip0 ^ 0x736f6d6570736575L,
      sip1 ^ 0x646f72616e646f6dL,
      sip0 ^ 0x6c7967656e657261L,
      sip1 ^ 0x7465646279746573L
    };
    absorb(v, first);
    absorb(v, second);
    absorb(v, 16L << 56);
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++) {
      round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
  }

  private static void absorb(long[] v, long word) {
    v[3] ^= word;
    round(v);
    round(v);
    v[0] ^= word;
  }

  private static void round(long[] v) {
    v[0] += v[1];
    v[2] += v[3];
    v[1] = Long.rotateLeft(v[1], 13) ^ v[0];
    v[3] = Long.rotateLeft(v[3], 16) ^ v[2];
    v[0] = Long.rotateLeft(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = Long.rotateLeft(v[1], 17) ^ v[2];
    v[3] = Long.rotateLeft(v[3], 21) ^ v[0];
    v[2] = Long.rotateLeft(v[2], 32);
  }
}
