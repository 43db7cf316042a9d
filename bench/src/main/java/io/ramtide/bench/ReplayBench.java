package io.ramtide.bench;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.Progress;
import io.ramtide.acquirer.dump.Dumps;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.Stripe;
import io.ramtide.schemas.Topics;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A capture against a plain producer that sends the same records with the same settings. */
final class ReplayBench {
  private static final int ROUNDS = 9;
  private static final UUID DOMAIN = UUID.fromString("be2c4000-0000-4000-8000-000000000001");
  private static final Duration POLL = Duration.ofSeconds(1);

  @SuppressWarnings("ArrayRecordComponent") // Compared nowhere.
  private record Chunk(byte[] key, byte[] value) {}

  void run(Path image, Path folder, PrintStream out) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.open(folder.resolve("broker"));
        MemorySource source = Dumps.open(image)) {
      BrokerLink link = BrokerLink.to(broker);
      new TopicsAdmin(link).create((short) 1);
      Map<String, Object> config = link.clientConfig();
      AcquirerOptions options = new AcquirerOptions(folder.resolve("key.pem"), 1);
      try (Acquirer acquirer = Acquirer.connect(config, options);
          var producer = new KafkaProducer<byte[], byte[]>(Acquirer.producerSettings(config));
          Admin admin = Admin.create(config)) {
        Manifest manifest = capture(acquirer, source);
        List<Chunk> chunks = chunksOf(manifest, config);
        TopicPartition partition = partitionOf(manifest);
        double bytes = chunks.stream().mapToLong(chunk -> chunk.value().length).sum();
        double[][] seconds =
            Rounds.run(
                ROUNDS,
                () -> {
                  free(admin, partition);
                  return send(producer, partition, chunks);
                },
                () -> {
                  free(admin, partition);
                  return capture(acquirer, source);
                });
        out.printf("| what | MB/s, median of %d |%n|---|---|%n", ROUNDS);
        out.printf("| plain producer | %.0f |%n", bytes / Rounds.median(seconds[0]) / 1e6);
        out.printf("| capture | %.0f |%n", bytes / Rounds.median(seconds[1]) / 1e6);
        out.printf(
            "| capture against plain producer, min / median / max (target >= 0.8) | %s |%n",
            Rounds.ratio(seconds[0], seconds[1]));
        out.printf(
            "(%d chunks, %.0f MB of records, for %.0f MB of RAM)%n",
            chunks.size(), bytes / 1e6, RunBench.IMAGE_BYTES / 1e6);
      }
    }
  }

  /** Always a keyframe: the acquirer is told to write no deltas. */
  private static Manifest capture(Acquirer acquirer, MemorySource source) throws Exception {
    return acquirer.capture(DOMAIN, Optional.empty(), source, Progress.NONE);
  }

  private static int send(
      KafkaProducer<byte[], byte[]> producer, TopicPartition partition, List<Chunk> chunks)
      throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    for (Chunk chunk : chunks) {
      sent.add(
          producer.send(
              new ProducerRecord<>(
                  partition.topic(), partition.partition(), chunk.key(), chunk.value())));
    }
    producer.flush();
    for (var each : sent) {
      each.get();
    }
    return sent.size();
  }

  /**
   * What earlier rounds wrote goes, so that the disk's write-back does not meet later ones more.
   */
  private static void free(Admin admin, TopicPartition partition) throws Exception {
    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1))).all().get();
  }

  private static TopicPartition partitionOf(Manifest manifest) {
    return new TopicPartition(Topics.PAGES, manifest.getStripes().get(0).getPartition());
  }

  private static List<Chunk> chunksOf(Manifest manifest, Map<String, Object> config) {
    Map<String, Object> consumerConfig = new HashMap<>(config);
    consumerConfig.put("max.partition.fetch.bytes", 32 << 20);
    Stripe stripe = manifest.getStripes().get(0);
    TopicPartition partition = partitionOf(manifest);
    List<Chunk> chunks = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            consumerConfig, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, stripe.getFirstOffset());
      while (consumer.position(partition) <= stripe.getLastOffset()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          chunks.add(new Chunk(record.key(), record.value()));
        }
      }
    }
    return chunks;
  }
}
