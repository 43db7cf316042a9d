package io.ramtide.bench;

import com.sun.management.OperatingSystemMXBean;
import io.ramtide.acquirer.Acquirer;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.broker.EmbeddedBroker;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.schemas.Topics;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What a chunk's size, compression and batching cost: a plain producer, every combination. */
final class ProducerBench {
  private static final int[] KIBIBYTES = {64, 128, 256, 512};
  private static final List<String> CODECS = List.of("none", "lz4", "zstd");
  private static final int[] BATCHES = {16 << 10, 1 << 20};
  private static final int BYTES = 128 << 20;
  private static final int ROUNDS = 3;
  private static final TopicPartition PARTITION = new TopicPartition(Topics.PAGES, 0);

  /** Wall and processor seconds for all records. */
  private record Cost(double wall, double cpu) {}

  void run(Path folder, PrintStream out) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.open(folder.resolve("broker"))) {
      BrokerLink link = BrokerLink.to(broker);
      new TopicsAdmin(link).create((short) 1);
      try (Admin admin = Admin.create(link.clientConfig())) {
        byte[] random = new byte[BYTES];
        new Random(1).nextBytes(random);
        table("random pages", random, link.clientConfig(), admin, out);
        for (int at = 0; at < BYTES; at += 4096) {
          Arrays.fill(random, at + 2048, at + 4096, (byte) 0);
        }
        table("pages half random, half zero bytes", random, link.clientConfig(), admin, out);
      }
    }
  }

  private static void table(
      String what, byte[] data, Map<String, Object> config, Admin admin, PrintStream out)
      throws Exception {
    int combinations = CODECS.size() * BATCHES.length;
    Cost[][] best = new Cost[KIBIBYTES.length][combinations];
    // Round by round over all combinations: the disk's write-back meets each of them alike.
    for (int round = -1; round < ROUNDS; round++) {
      for (int row = 0; row < KIBIBYTES.length; row++) {
        List<byte[]> records = split(data, KIBIBYTES[row] << 10);
        for (int i = 0; i < combinations; i++) {
          Cost cost = cost(records, settings(config, codec(i), batch(i)), admin);
          if (round >= 0 && (best[row][i] == null || cost.wall() < best[row][i].wall())) {
            best[row][i] = cost;
          }
        }
      }
    }
    print(what, best, out);
  }

  private static void print(String what, Cost[][] best, PrintStream out) {
    out.printf("%s: MB/s (processor seconds per GB), best of %d%n%n| record |", what, ROUNDS);
    for (int i = 0; i < best[0].length; i++) {
      out.printf(" %s, batch %d KiB |", codec(i), batch(i) >> 10);
    }
    out.printf("%n|---|%s%n", "---|".repeat(best[0].length));
    for (int row = 0; row < best.length; row++) {
      out.printf("| %d KiB |", KIBIBYTES[row]);
      for (Cost cost : best[row]) {
        out.printf(" %.0f (%.1f) |", BYTES / cost.wall() / 1e6, cost.cpu() / BYTES * 1e9);
      }
      out.println();
    }
    out.println();
  }

  private static String codec(int combination) {
    return CODECS.get(combination / BATCHES.length);
  }

  private static int batch(int combination) {
    return BATCHES[combination % BATCHES.length];
  }

  private static Map<String, Object> settings(Map<String, Object> config, String codec, int batch)
      throws Exception {
    Map<String, Object> settings = new HashMap<>(Acquirer.producerSettings(config));
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, codec);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, batch);
    return settings;
  }

  private static Cost cost(List<byte[]> records, Map<String, Object> settings, Admin admin)
      throws Exception {
    admin.deleteRecords(Map.of(PARTITION, RecordsToDelete.beforeOffset(-1))).all().get();
    try (var producer = new KafkaProducer<byte[], byte[]>(settings)) {
      producer.partitionsFor(PARTITION.topic());
      return send(producer, records);
    }
  }

  private static Cost send(KafkaProducer<byte[], byte[]> producer, List<byte[]> records)
      throws Exception {
    long cpu = cpuNanos();
    long wall = System.nanoTime();
    var sent = new ArrayList<Future<?>>();
    for (byte[] value : records) {
      sent.add(
          producer.send(
              new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), null, value)));
    }
    producer.flush();
    for (var each : sent) {
      each.get();
    }
    return new Cost((System.nanoTime() - wall) / 1e9, (cpuNanos() - cpu) / 1e9);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static List<byte[]> split(byte[] data, int size) {
    List<byte[]> records = new ArrayList<>();
    for (int at = 0; at < data.length; at += size) {
      records.add(Arrays.copyOfRange(data, at, at + size));
    }
    return records;
  }
}
