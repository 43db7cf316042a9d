package io.ramtide.acquirer.agent.evidence;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Some records of one partition, in order.
 *
 * @param first offset
 * @param last offset, inclusive
 */
record RecordRange(TopicPartition partition, long first, long last) {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Takes a record. */
  @FunctionalInterface
  interface Taker {
    void take(ConsumerRecord<byte[], byte[]> each) throws HoldException, InterruptedException;
  }

  /** How many of them there can be at present. */
  long most(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> one = List.of(partition);
    long begin = Math.max(first, consumer.beginningOffsets(one).get(partition));
    long end = consumer.endOffsets(one).get(partition);
    return Math.max(0, Math.min(last, end - 1) - begin + 1);
  }

  /** Reads those that still exist; what was deleted is missing without a word. */
  void read(Consumer<byte[], byte[]> consumer, Taker taker)
      throws HoldException, InterruptedException {
    List<TopicPartition> assigned = List.of(partition);
    consumer.assign(assigned);
    long begin = Math.max(first, consumer.beginningOffsets(assigned).get(partition));
    long end = Math.min(last + 1, consumer.endOffsets(assigned).get(partition));
    if (begin >= end) {
      return;
    }
    consumer.seek(partition, begin);
    long patientUntil = System.nanoTime() + PATIENCE.toNanos();
    while (consumer.position(partition) < end) {
      var records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> each : records.records(partition)) {
        if (each.offset() < end) {
          taker.take(each);
        }
      }
      if (!records.isEmpty()) {
        patientUntil = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > patientUntil) {
        throw new HoldException(
            "the broker stopped answering while %s was read; is it running?".formatted(partition),
            null);
      }
    }
  }
}
