package io.ramtide.cli.timeline;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes unreadable records to ramtide.rejected, and counts them. Connects when it has to. */
public final class Rejects implements Consumer<Unreadable>, AutoCloseable {
  private static final int KEY_HEAD = 256;
  private static final int VALUE_HEAD = 1024;

  private final BrokerLink broker;
  private final String role;
  private final AvroCodec<Rejected> codec = AvroCodec.of(Rejected.class);
  private KafkaProducer<byte[], byte[]> producer;
  private long count;

  public Rejects(BrokerLink broker, String role) {
    this.broker = broker;
    this.role = role;
  }

  public long count() {
    return count;
  }

  @Override
  public void accept(Unreadable record) {
    count++;
    if (producer == null) {
      Map<String, Object> config = new HashMap<>(broker.clientConfig());
      config.put(ProducerConfig.ACKS_CONFIG, "all");
      config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
      producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
    producer.send(
        new ProducerRecord<>(
            Topics.REJECTED,
            record.topic().getBytes(StandardCharsets.UTF_8),
            codec.encode(toRejected(record))));
  }

  private Rejected toRejected(Unreadable record) {
    return Rejected.newBuilder()
        .setRole(role)
        .setTopic(record.topic())
        .setPartition(record.partition())
        .setOffset(record.offset())
        .setReason(record.reason())
        .setRejectedAt(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()))
        .setKeyHead(head(record.key(), KEY_HEAD))
        .setValueHead(head(record.value(), VALUE_HEAD))
        .setValueBytes(record.value() == null ? 0 : record.value().length)
        .build();
  }

  private static ByteBuffer head(byte[] bytes, int limit) {
    return bytes == null
        ? null
        : ByteBuffer.wrap(Arrays.copyOf(bytes, Math.min(limit, bytes.length)));
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(Duration.ofSeconds(5));
    }
  }
}
