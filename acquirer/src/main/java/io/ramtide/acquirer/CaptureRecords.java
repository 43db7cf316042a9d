package io.ramtide.acquirer;

import io.ramtide.acquirer.CaptureException.Cause;
import io.ramtide.schemas.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads ramtide.captures by offsets. */
final class CaptureRecords {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Consumer<byte[], byte[]> consumer;
  private final String servers;

  CaptureRecords(Consumer<byte[], byte[]> consumer, String servers) {
    this.consumer = consumer;
    this.servers = servers;
  }

  /** The first offset that retention has left. */
  long begin(TopicPartition partition) throws CaptureException {
    try {
      return consumer.beginningOffsets(List.of(partition)).get(partition);
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  /** The offset that the next record will have. */
  long end(TopicPartition partition) throws CaptureException {
    try {
      return consumer.endOffsets(List.of(partition)).get(partition);
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  /** Hands over the records from one offset to another, exclusive; without them it asks nobody. */
  void read(
      TopicPartition partition,
      long from,
      long end,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink)
      throws CaptureException {
    if (from >= end) {
      return;
    }
    try {
      consumer.assign(List.of(partition));
      consumer.seek(partition, from);
      long patientUntil = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.position(partition) < end) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> each : records.records(partition)) {
          if (each.offset() < end) {
            sink.accept(each);
          }
        }
        if (!records.isEmpty()) {
          patientUntil = System.nanoTime() + PATIENCE.toNanos();
        } else if (System.nanoTime() > patientUntil) {
          throw new CaptureException(
              Cause.BROKER,
              "%s stopped answering while %s was read up to offset %d; is it running?"
                  .formatted(servers, partition, end),
              null);
        }
      }
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  private CaptureException failed(KafkaException e) {
    return new CaptureException(
        Cause.BROKER,
        "cannot read %s from %s: %s".formatted(Topics.CAPTURES, servers, e.getMessage()),
        e);
  }
}
