package io.ramtide.cli.system;

import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/** What is on a broker. */
public record Cluster(String bootstrapServers) {
  private static final int PARTITIONS = 12;
  private static final Duration POLL = Duration.ofMillis(100);

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }

  public KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            "read_committed",
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            false),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** The partition of every topic that is keyed by domain. */
  public static int partitionOf(String domain) {
    return Utils.toPositive(Utils.murmur2(domain.getBytes(StandardCharsets.UTF_8))) % PARTITIONS;
  }

  /** Offset behind the last record, committed or not. */
  public long end(String topic, String domain) throws Exception {
    TopicPartition partition = new TopicPartition(topic, partitionOf(domain));
    try (Admin admin = admin()) {
      return admin
          .listOffsets(Map.of(partition, org.apache.kafka.clients.admin.OffsetSpec.latest()))
          .partitionResult(partition)
          .get()
          .offset();
    }
  }

  /** Every committed record of a topic, partition by partition. */
  public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
        consumer.poll(POLL).forEach(records::add);
      }
    }
    return records;
  }

  public List<Manifest> manifests(String domain) throws UnreadableRecordException {
    AvroCodec<Manifest> codec = AvroCodec.of(Manifest.class);
    List<Manifest> manifests = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records(Topics.CAPTURES)) {
      if (new String(record.key(), StandardCharsets.UTF_8).equals(domain)) {
        manifests.add(codec.decode(record.value()));
      }
    }
    return manifests;
  }

  List<Rejected> rejected() throws UnreadableRecordException {
    AvroCodec<Rejected> codec = AvroCodec.of(Rejected.class);
    List<Rejected> rejected = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records(Topics.REJECTED)) {
      rejected.add(codec.decode(record.value()));
    }
    return rejected;
  }

  /** Writes to a domain's partition. */
  RecordMetadata send(String topic, String domain, String key, byte[] value) throws Exception {
    return send(topic, domain, key, Collections.singletonList(value)).get(0);
  }

  /** Writes to a domain's partition, in order. */
  List<RecordMetadata> send(String topic, String domain, String key, List<byte[]> values)
      throws Exception {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (byte[] value : values) {
        sent.add(producer.send(new ProducerRecord<>(topic, partitionOf(domain), bytes, value)));
      }
    }
    List<RecordMetadata> places = new ArrayList<>();
    for (Future<RecordMetadata> each : sent) {
      places.add(each.get());
    }
    return places;
  }

  /** Configuration of a producer that sends one record a request, so that it can be held back. */
  static Path chunkByChunk(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("chunk-by-chunk.properties"),
        "batch.size=1\nmax.in.flight.requests.per.connection=1\n");
  }

  /** Lets the broker hold a client back, so that a test can meet it in the middle of its work. */
  public void throttle(String clientId, String rate, double bytesPerSecond) throws Exception {
    quota(clientId, rate, bytesPerSecond);
  }

  public void unthrottle(String clientId, String rate) throws Exception {
    quota(clientId, rate, null);
  }

  private void quota(String clientId, String rate, Double bytesPerSecond) throws Exception {
    ClientQuotaEntity client =
        new ClientQuotaEntity(Collections.singletonMap(ClientQuotaEntity.CLIENT_ID, clientId));
    try (Admin admin = admin()) {
      admin
          .alterClientQuotas(
              List.of(
                  new ClientQuotaAlteration(
                      client, List.of(new ClientQuotaAlteration.Op(rate, bytesPerSecond)))))
          .all()
          .get();
    }
  }
}
