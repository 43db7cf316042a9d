package io.ramtide.cli.timeline;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.term.Terminal;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.RejectedRecord;
import io.ramtide.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes unreadable records to ramtide.rejected, and counts them. Connects when it has to. */
public final class Rejects implements Consumer<Unreadable>, AutoCloseable {
  private final BrokerLink broker;
  private final String role;
  private final AvroCodec<Rejected> codec = AvroCodec.of(Rejected.class);
  private KafkaProducer<byte[], byte[]> producer;
  private final AtomicLong notWritten = new AtomicLong();
  private long count;

  public Rejects(BrokerLink broker, String role) {
    this.broker = broker;
    this.role = role;
  }

  /** Tells how many there were and whether all of them were written. */
  public void report(Terminal terminal) {
    if (count > 0) {
      if (producer != null) {
        producer.flush();
      }
      terminal.warn(
          notWritten.get() == 0
              ? "%d records could not be read; they are on %s".formatted(count, Topics.REJECTED)
              : "%d records could not be read, and %d of them not be written to %s"
                  .formatted(count, notWritten.get(), Topics.REJECTED));
    }
  }

  @Override
  public void accept(Unreadable unreadable) {
    count++;
    if (producer == null) {
      Map<String, Object> config = new HashMap<>(broker.clientConfig());
      config.put(ProducerConfig.ACKS_CONFIG, "all");
      config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
      producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
    Future<RecordMetadata> unused =
        producer.send(
            new ProducerRecord<>(
                Topics.REJECTED,
                unreadable.record().topic().getBytes(StandardCharsets.UTF_8),
                codec.encode(toRejected(unreadable))),
            (metadata, error) -> {
              if (error != null) {
                notWritten.incrementAndGet();
              }
            });
  }

  private Rejected toRejected(Unreadable unreadable) {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    return RejectedRecord.of(role, unreadable.reason(), micros, unreadable.record());
  }

  @Override
  public void close() {
    if (producer != null) {
      producer.close(Duration.ofSeconds(5));
    }
  }
}
