package io.ramtide.acquirer.pages;

import io.ramtide.acquirer.source.MemorySource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Compares pages word by word. {@link ByteBuffer#mismatch} would be shorter, but where the file
 * behind a mapping was cut it ends the whole JVM; a word that cannot be read is an error that can
 * be caught.
 */
final class Pages {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final int STEP = 4 * Long.BYTES;

  private Pages() {}

  static boolean isZero(ByteBuffer bytes, int offset) {
    ByteBuffer page = bytes.slice(offset, FRAME);
    for (int at = 0; at < FRAME; at += STEP) {
      long some =
          (long) LONG.get(page, at)
              | (long) LONG.get(page, at + 8)
              | (long) LONG.get(page, at + 16)
              | (long) LONG.get(page, at + 24);
      if (some != 0) {
        return false;
      }
    }
    return true;
  }

  static boolean areSame(ByteBuffer one, int oneOffset, ByteBuffer other, int otherOffset) {
    ByteBuffer a = one.slice(oneOffset, FRAME);
    ByteBuffer b = other.slice(otherOffset, FRAME);
    for (int at = 0; at < FRAME; at += STEP) {
      long difference =
          ((long) LONG.get(a, at) ^ (long) LONG.get(b, at))
              | ((long) LONG.get(a, at + 8) ^ (long) LONG.get(b, at + 8))
              | ((long) LONG.get(a, at + 16) ^ (long) LONG.get(b, at + 16))
              | ((long) LONG.get(a, at + 24) ^ (long) LONG.get(b, at + 24));
      if (difference != 0) {
        return false;
      }
    }
    return true;
  }
}
