package io.ramtide.scanner.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The one frame of zeros that all zero frames are read from: a guest may have millions. */
final class ZeroFrame {
  static final Optional<ByteBuffer> BYTES =
      Optional.of(
          ByteBuffer.allocate(PhysicalMemory.FRAME_BYTES)
              .asReadOnlyBuffer()
              .order(ByteOrder.LITTLE_ENDIAN));

  private ZeroFrame() {}
}
