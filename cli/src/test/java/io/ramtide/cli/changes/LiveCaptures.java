package io.ramtide.cli.changes;

import io.ramtide.cli.system.Cluster;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** The captures of a domain as they come, broker or not. */
final class LiveCaptures implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final AvroCodec<Manifest> codec = AvroCodec.of(Manifest.class);
  private final String domain;
  private final Supplier<?> state;
  private final List<Manifest> all = new ArrayList<>();

  /**
   * @param state what to tell if none comes
   */
  LiveCaptures(Cluster cluster, String domain, Supplier<?> state) {
    this.domain = domain;
    this.state = state;
    consumer = cluster.consumer();
    consumer.assign(List.of(new TopicPartition(Topics.CAPTURES, Cluster.partitionOf(domain))));
  }

  /** Those that have come so far, in order. */
  List<Manifest> all() {
    return all;
  }

  /** The next capture that begins from now on. */
  Manifest next() throws UnreadableRecordException {
    long now = System.currentTimeMillis() * 1000;
    return next(manifest -> manifest.getStartedAt() > now);
  }

  /** The next capture that is so. */
  Manifest next(Predicate<Manifest> wanted) throws UnreadableRecordException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      int before = all.size();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (new String(record.key(), StandardCharsets.UTF_8).equals(domain)) {
          all.add(codec.decode(record.value()));
        }
      }
      for (Manifest manifest : all.subList(before, all.size())) {
        if (wanted.test(manifest)) {
          return manifest;
        }
      }
    }
    throw new AssertionError("no such capture after %d: %s".formatted(all.size(), state.get()));
  }

  @Override
  public void close() {
    consumer.close();
  }
}
