package io.ramtide.scanner.worker;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The worker's Kafka clients: the user's properties, and those that correctness needs on top. */
class KafkaClients {
  static final String GROUP = "ramtide-scanner";

  private final Map<String, Object> userConfig;
  private final String instance;

  KafkaClients(Map<String, Object> userConfig, String instance) {
    this.userConfig = Map.copyOf(userConfig);
    this.instance = instance;
  }

  /** In the group, on ramtide.captures. */
  Consumer<byte[], byte[]> groupConsumer() {
    Map<String, Object> config = new HashMap<>();
    // A guest of many GiB takes its time; the heartbeat thread keeps the membership.
    config.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 3_600_000);
    config.putAll(userConfig);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
    // Static membership: a worker that was killed gets its partitions back as soon as it restarts.
    config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    return consumer(config);
  }

  /** Outside of groups, for reading by offset. */
  Consumer<byte[], byte[]> rangeConsumer() {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
    config.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1);
    // A fetch that waits at the end of one partition would hold up the next read of another.
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
    config.putAll(userConfig);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    // 16 chunks of 512 KiB: the heap holds no more of a guest than that at a time.
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 16);
    return consumer(config);
  }

  /** Transactional. */
  Producer<byte[], byte[]> producer() {
    Map<String, Object> config = new HashMap<>();
    // Room for 10^6 findings on a slow broker: one that is too short would fail again and again.
    // After a kill, what was open is aborted by the restart, or at the latest by this.
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 120_000);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    // Findings are many, small and alike.
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.putAll(userConfig);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, GROUP + "-" + instance);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return new KafkaProducer<>(config);
  }

  private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return new KafkaConsumer<>(config);
  }
}
