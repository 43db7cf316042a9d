package io.ramtide.acquirer.agent.evidence;

import io.ramtide.acquirer.agent.budget.Budget;
import io.ramtide.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Writes copies of records, byte for byte in key and value and with their timestamp. Headers, all
 * text: where a record was ({@code ramtide.topic}, {@code ramtide.partition}, {@code
 * ramtide.offset}) and which command asked ({@code ramtide.command}).
 */
final class EvidenceWriter {
  /** A capture may have millions of records. */
  static final int MOST_PENDING = 1024;

  static final String TOPIC = "ramtide.topic";
  static final String PARTITION = "ramtide.partition";
  static final String OFFSET = "ramtide.offset";
  static final String COMMAND = "ramtide.command";

  private final Producer<byte[], byte[]> producer;
  private final Budget budget;
  private final TopicPartition partition;
  private final byte[] command;
  private final List<Future<RecordMetadata>> pending = new ArrayList<>();

  /** Of the copies since the last flush. */
  private long first = Long.MAX_VALUE;

  private long firstOffset = Long.MAX_VALUE;
  private long lastOffset = -1;
  private long records;
  private long bytes;

  EvidenceWriter(Producer<byte[], byte[]> producer, Budget budget, int partition, String command) {
    this.producer = producer;
    this.budget = budget;
    this.partition = new TopicPartition(Topics.EVIDENCE, partition);
    this.command = text(command);
  }

  TopicPartition partition() {
    return partition;
  }

  void copy(ConsumerRecord<byte[], byte[]> source) throws HoldException, InterruptedException {
    TimeUnit.NANOSECONDS.sleep(budget.owedForSending(source.value().length));
    var copy =
        new ProducerRecord<>(
            partition.topic(),
            partition.partition(),
            source.timestamp() < 0 ? null : source.timestamp(),
            source.key(),
            source.value());
    Headers headers = copy.headers();
    headers.add(TOPIC, text(source.topic()));
    headers.add(PARTITION, text(Integer.toString(source.partition())));
    headers.add(OFFSET, text(Long.toString(source.offset())));
    headers.add(COMMAND, command);
    if (pending.size() == MOST_PENDING) {
      settle();
    }
    pending.add(producer.send(copy));
    records++;
    bytes += source.value().length;
  }

  /** Waits for the copies since the last flush, and gives the first one's offset. */
  long flush() throws HoldException, InterruptedException {
    settle();
    long flushed = first;
    first = Long.MAX_VALUE;
    firstOffset = Math.min(firstOffset, flushed);
    return flushed;
  }

  private void settle() throws HoldException, InterruptedException {
    producer.flush();
    try {
      for (Future<RecordMetadata> each : pending) {
        long offset = each.get().offset();
        first = Math.min(first, offset);
        lastOffset = Math.max(lastOffset, offset);
      }
    } catch (ExecutionException e) {
      throw new HoldException(
          "%s did not take the copies (%s): check that the broker runs and has disk space"
              .formatted(partition, e.getCause().getMessage()),
          e);
    } finally {
      pending.clear();
    }
  }

  /** Of all copies that are acknowledged; others' records may lie between. */
  long firstOffset() {
    return firstOffset;
  }

  long lastOffset() {
    return lastOffset;
  }

  long records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  /** Whether a record is a copy made for this command. */
  boolean isOurs(ConsumerRecord<byte[], byte[]> each) {
    Header header = each.headers().lastHeader(COMMAND);
    return header != null && Arrays.equals(header.value(), command);
  }

  private static byte[] text(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
