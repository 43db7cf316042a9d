package io.ramtide.correlator;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;

/** The Kafka Streams configuration: defaults, then the user's, then what correctness needs. */
final class StreamsSettings {
  private static final String APPLICATION = "ramtide-correlator";

  /** Exactly-once processing decides these; a file for all Kafka clients may well have them. */
  private static final List<String> NOT_THE_USERS =
      List.of(
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);

  private StreamsSettings() {}

  static Properties of(Map<String, Object> clientConfig, CorrelatorOptions options) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
    settings.put(StreamsConfig.CLIENT_ID_CONFIG, APPLICATION + "-" + options.instance());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    // A capture that ends asks for a commit itself; this is for the findings until then.
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1000L);
    // For the domains: some hundred bytes each.
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 1L << 20);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
    // There is no global thread; without this, Streams warns about it at every start.
    settings.put("processing.exception.handler.global.enabled", true);
    // Without prefix, so that the user's own setting wins with and without one.
    // The Summary of a capture that has 10^6 registry keys is one step of some two minutes.
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 300_000);
    settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 300_000);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // A static member never leaves: this long its partitions wait if it does not come back.
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 15_000);

    clientConfig.forEach(settings::put);
    for (String key : NOT_THE_USERS) {
      settings.remove(key);
      settings.remove(StreamsConfig.producerPrefix(key));
      settings.remove(StreamsConfig.consumerPrefix(key));
      settings.remove(StreamsConfig.mainConsumerPrefix(key));
    }

    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    settings.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, options.stateFolder().toString());
    // Of the classic protocol: brokers refuse static members of the streams protocol before 4.4.
    settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    settings.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), options.instance());
    return settings;
  }
}
