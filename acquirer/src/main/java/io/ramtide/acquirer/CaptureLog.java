package io.ramtide.acquirer;

import io.ramtide.acquirer.CaptureException.Cause;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.ManifestSignature;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * What ramtide.captures says of each domain. A partition is read from its beginning once, and later
 * only from where the reading stopped.
 */
final class CaptureLog {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A manifest and where it is. */
  @SuppressWarnings("ArrayRecordComponent") // Compared nowhere.
  record Entry(Manifest manifest, int partition, long offset, byte[] sha256) {}

  private static final class DomainLog {
    private final List<Entry> entries = new ArrayList<>();
    private long position = -1;
  }

  private final Consumer<byte[], byte[]> consumer;
  private final Rejections rejections;
  private final String servers;
  private final AvroCodec<Manifest> codec = AvroCodec.of(Manifest.class);
  private final Map<UUID, DomainLog> logs = new HashMap<>();

  CaptureLog(Consumer<byte[], byte[]> consumer, Rejections rejections, String servers) {
    this.consumer = consumer;
    this.rejections = rejections;
    this.servers = servers;
  }

  /** The domain's captures up to now, oldest first. Of two with one number, the first counts. */
  List<Entry> of(UUID domain, int partition) throws CaptureException {
    DomainLog log = logs.computeIfAbsent(domain, key -> new DomainLog());
    try {
      readOn(domain, log, new TopicPartition(Topics.CAPTURES, partition));
      return List.copyOf(log.entries);
    } catch (KafkaException e) {
      throw new CaptureException(
          Cause.BROKER,
          "cannot read %s from %s: %s".formatted(Topics.CAPTURES, servers, e.getMessage()),
          e);
    }
  }

  /** What is kept of the domain is read again when it is asked for. */
  void forget(UUID domain) {
    logs.remove(domain);
  }

  private void readOn(UUID domain, DomainLog log, TopicPartition partition)
      throws CaptureException {
    List<TopicPartition> assigned = List.of(partition);
    consumer.assign(assigned);
    long begin = consumer.beginningOffsets(assigned).get(partition);
    long end = consumer.endOffsets(assigned).get(partition);
    consumer.seek(partition, Math.max(log.position, begin));
    long patientUntil = System.nanoTime() + PATIENCE.toNanos();
    while (consumer.position(partition) < end) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> each : records.records(partition)) {
        add(domain, log, each);
      }
      log.position = consumer.position(partition);
      if (!records.isEmpty()) {
        patientUntil = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > patientUntil) {
        throw new CaptureException(
            Cause.BROKER,
            "%s stopped answering while %s was read at offset %d of %d; is it running?"
                .formatted(servers, partition, log.position, end),
            null);
      }
    }
  }

  private void add(UUID domain, DomainLog log, ConsumerRecord<byte[], byte[]> input) {
    String key = input.key() == null ? "" : new String(input.key(), StandardCharsets.UTF_8);
    if (!key.equals(domain.toString())) {
      if (!codec.claims(input.value())) {
        rejections.reject(input, "not a Manifest");
      }
      return;
    }
    try {
      Manifest manifest = codec.decode(input.value());
      if (!manifest.getDomain().equals(key)) {
        rejections.reject(input, "a Manifest of another domain than its key");
        return;
      }
      if (!isSigned(manifest, input.value())) {
        rejections.reject(input, "the signature does not fit the Manifest's bytes");
        return;
      }
      long last =
          log.entries.isEmpty()
              ? 0
              : log.entries.get(log.entries.size() - 1).manifest().getCapture();
      if (manifest.getCapture() > last) {
        byte[] hash = MerkleTree.sha256().digest(input.value());
        log.entries.add(new Entry(manifest, input.partition(), input.offset(), hash));
      }
    } catch (UnreadableRecordException e) {
      rejections.reject(input, e.getMessage());
    }
  }

  /** What no scanner accepts must not be continued, or take a number. */
  private static boolean isSigned(Manifest manifest, byte[] value) {
    byte[] publicKey = new byte[manifest.getPublicKey().remaining()];
    manifest.getPublicKey().duplicate().get(publicKey);
    return ManifestSignature.isValid(value, publicKey);
  }
}
