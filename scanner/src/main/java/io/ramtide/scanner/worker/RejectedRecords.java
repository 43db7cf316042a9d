package io.ramtide.scanner.worker;

import io.ramtide.schemas.Rejected;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records that could not be read while a capture was in hand; published with its findings. */
final class RejectedRecords {
  private static final int KEY_HEAD = 256;
  private static final int VALUE_HEAD = 1024;

  /** A topic full of rubbish must not fill the heap; what is beyond is counted only. */
  private static final int KEPT = 1000;

  private final List<Rejected> records = new ArrayList<>();
  private long dropped;

  void add(ConsumerRecord<byte[], byte[]> record, String reason) {
    if (records.size() == KEPT) {
      dropped++;
      return;
    }
    records.add(
        Rejected.newBuilder()
            .setRole("scanner")
            .setTopic(record.topic())
            .setPartition(record.partition())
            .setOffset(record.offset())
            .setReason(reason)
            .setRejectedAt(System.currentTimeMillis() * 1000)
            .setKeyHead(head(record.key(), KEY_HEAD))
            .setValueHead(head(record.value(), VALUE_HEAD))
            .setValueBytes(record.value() == null ? 0 : record.value().length)
            .build());
  }

  /** What was added since the last call. */
  List<Rejected> drain() {
    List<Rejected> all = List.copyOf(records);
    records.clear();
    return all;
  }

  /** How many were not kept, ever. */
  long dropped() {
    return dropped;
  }

  private static ByteBuffer head(byte[] bytes, int most) {
    return bytes == null ? null : ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, most)).slice();
  }
}
