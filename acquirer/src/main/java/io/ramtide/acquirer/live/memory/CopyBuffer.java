package io.ramtide.acquirer.live.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One buffer that copies of RAM are shown in, one after the other. */
final class CopyBuffer {
  private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

  /** Room for so many bytes, where those before it were. */
  ByteBuffer take(int length) {
    if (length > bytes.capacity()) {
      bytes = ByteBuffer.allocateDirect(length);
    }
    return bytes.clear().limit(length);
  }

  /** What was put there, as a source shows it. */
  static ByteBuffer view(ByteBuffer filled) {
    return filled.flip().slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
