package io.ramtide.scanner.worker;

import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.RejectedRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records that could not be read while a capture was in hand; published with its findings. */
final class RejectedRecords {
  /** A topic full of rubbish must not fill the heap; what is beyond is counted only. */
  private static final int KEPT = 1000;

  private final List<Rejected> records = new ArrayList<>();
  private long dropped;

  void add(ConsumerRecord<byte[], byte[]> record, String reason) {
    if (records.size() == KEPT) {
      dropped++;
      return;
    }
    records.add(RejectedRecord.of("scanner", reason, System.currentTimeMillis() * 1000, record));
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
}
