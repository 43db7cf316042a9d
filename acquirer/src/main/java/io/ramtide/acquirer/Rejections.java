package io.ramtide.acquirer;

import io.ramtide.acquirer.pages.Clocks;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.RejectedRecord;
import io.ramtide.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what nobody can read to ramtide.rejected, each record once in this process. */
public final class Rejections {
  private static final Logger LOG = LoggerFactory.getLogger(Rejections.class);

  /** Beyond that many the topic is not ours; the rest is only counted in the log. */
  private static final int MAX = 10_000;

  private record Position(String topic, int partition, long offset) {}

  private final Producer<byte[], byte[]> producer;
  private final AvroCodec<Rejected> codec = AvroCodec.of(Rejected.class);
  private final Set<Position> seen = new HashSet<>();

  public Rejections(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The callback hears of it.
  public void reject(ConsumerRecord<byte[], byte[]> input, String reason) {
    var position = new Position(input.topic(), input.partition(), input.offset());
    if (seen.size() >= MAX || !seen.add(position)) {
      return;
    }
    LOG.warn("{}-{}@{}: rejected: {}", input.topic(), input.partition(), input.offset(), reason);
    Rejected rejected = RejectedRecord.of("acquirer", reason, Clocks.micros(), input);
    byte[] key = input.topic().getBytes(StandardCharsets.UTF_8);
    producer.send(
        new ProducerRecord<>(Topics.REJECTED, key, codec.encode(rejected)),
        (metadata, failure) -> {
          if (failure != null) {
            LOG.warn("{}: could not be written to {}", position, Topics.REJECTED, failure);
          }
        });
  }
}
