package io.ramtide.correlator;

import io.ramtide.correlator.ecs.Text;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Topics;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Builds the records of ramtide.rejected. */
final class Rejections {
  static final int KEY_HEAD = 256;
  static final int VALUE_HEAD = 1024;
  private static final String ROLE = "correlator";

  private Rejections() {}

  /**
   * @param millis when: since 1970 UTC
   */
  static Rejected of(
      int partition, long offset, String reason, long millis, byte[] key, byte[] value) {
    return Rejected.newBuilder()
        .setRole(ROLE)
        .setTopic(Topics.FINDINGS)
        .setPartition(partition)
        .setOffset(offset)
        .setReason(Text.bounded(reason, Text.SENTENCE))
        .setRejectedAt(millis * 1000)
        .setKeyHead(head(key, KEY_HEAD))
        .setValueHead(head(value, VALUE_HEAD))
        .setValueBytes(value == null ? 0 : value.length)
        .build();
  }

  private static ByteBuffer head(byte[] bytes, int limit) {
    return bytes == null
        ? null
        : ByteBuffer.wrap(Arrays.copyOf(bytes, Math.min(bytes.length, limit)));
  }
}
