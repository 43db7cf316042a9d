package io.ramtide.acquirer.pages;

import io.ramtide.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Room for one pass at a time, 1 MiB: passes one after another share it. */
public final class PassBuffer {
  /** The payload of a chunk, and behind it what is read next. */
  final byte[] bytes = new byte[Topics.MAX_CHUNK_PAYLOAD + ChunkAssembler.MAX_READ];

  /** The same bytes. */
  final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
}
