package io.ramtide.scanner.worker;

import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Publishes a capture's findings, its rejected records and the offset behind it: all or nothing.
 */
final class FindingsPublisher {
  private static final AvroCodec<Rejected> REJECTED = AvroCodec.of(Rejected.class);

  private final Producer<byte[], byte[]> producer;

  /** Takes over from a killed worker of the same instance: its open transaction is aborted. */
  FindingsPublisher(Producer<byte[], byte[]> producer) {
    this.producer = producer;
    producer.initTransactions();
  }

  /**
   * @param domain of the findings; not used where there are none
   */
  void publish(
      String domain,
      FindingSpool findings,
      List<Rejected> rejected,
      TopicPartition source,
      long nextOffset,
      ConsumerGroupMetadata group)
      throws IOException {
    producer.beginTransaction();
    findings.forEach(finding -> send(Topics.FINDINGS, domain, finding));
    for (Rejected record : rejected) {
      send(Topics.REJECTED, record.getTopic(), REJECTED.encode(record));
    }
    producer.sendOffsetsToTransaction(Map.of(source, new OffsetAndMetadata(nextOffset)), group);
    // Fails if any send failed.
    producer.commitTransaction();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // commitTransaction throws what a send met.
  private void send(String topic, String key, byte[] value) {
    producer.send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value));
  }
}
