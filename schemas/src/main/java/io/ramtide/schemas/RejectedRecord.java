package io.ramtide.schemas;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes the records of ramtide.rejected; of what was rejected they keep the heads only. */
public final class RejectedRecord {
  public static final int KEY_HEAD = 256;
  public static final int VALUE_HEAD = 1024;

  private RejectedRecord() {}

  /**
   * Of a record as a consumer has it.
   *
   * @param role who rejects it
   * @param micros when: since 1970 UTC
   */
  public static Rejected of(
      String role, String reason, long micros, ConsumerRecord<byte[], byte[]> record) {
    return of(
        role,
        reason,
        micros,
        record.topic(),
        record.partition(),
        record.offset(),
        record.key(),
        record.value());
  }

  /** Of a record whose parts are known; key and value may be null. */
  public static Rejected of(
      String role,
      String reason,
      long micros,
      String topic,
      int partition,
      long offset,
      byte[] key,
      byte[] value) {
    return Rejected.newBuilder()
        .setRole(role)
        .setTopic(topic)
        .setPartition(partition)
        .setOffset(offset)
        .setReason(reason)
        .setRejectedAt(micros)
        .setKeyHead(head(key, KEY_HEAD))
        .setValueHead(head(value, VALUE_HEAD))
        .setValueBytes(value == null ? 0 : value.length)
        .build();
  }

  private static ByteBuffer head(byte[] bytes, int most) {
    return bytes == null
        ? null
        : ByteBuffer.wrap(Arrays.copyOf(bytes, Math.min(bytes.length, most)));
  }
}
