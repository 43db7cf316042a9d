package io.ramtide.acquirer;

import io.ramtide.acquirer.CaptureException.Cause;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka client properties: the user's win over the defaults here, and what a capture's correctness
 * needs wins over the user's, with an error that says so. The figures behind the defaults are in
 * the module's README.
 */
public final class ClientConfig {
  private static final Map<String, Object> PRODUCER_DEFAULTS =
      Map.ofEntries(
          Map.entry(ProducerConfig.CLIENT_ID_CONFIG, "ramtide-acquirer"),
          Map.entry(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4"),
          Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, 1 << 20),
          Map.entry(ProducerConfig.LINGER_MS_CONFIG, 5),
          // The producer guesses a batch's compressed size from those before: after compressible
          // pages it may be too large and has to be split. One request at a time keeps the order.
          Map.entry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1),
          Map.entry(ProducerConfig.BUFFER_MEMORY_CONFIG, 16L << 20),
          Map.entry(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 8 << 20),
          Map.entry(ProducerConfig.SEND_BUFFER_CONFIG, -1),
          Map.entry(ProducerConfig.RECEIVE_BUFFER_CONFIG, -1),
          Map.entry(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 15_000),
          Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 60_000),
          Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 60_000L));

  private static final Map<String, Object> READER_DEFAULTS =
      Map.of(
          CommonClientConfigs.CLIENT_ID_CONFIG,
          "ramtide-acquirer",
          CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
          10_000,
          CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
          20_000);

  private static final Map<String, Object> CONSUMER_DEFAULTS =
      Map.of(
          // A look at another partition waits for the fetch under way at the end of the last one.
          ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
          10,
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          4 << 20,
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          2000);

  private static final Map<String, Object> PRODUCER_FIXED =
      Map.of(
          ProducerConfig.ACKS_CONFIG,
          "all",
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          "true",
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class.getName(),
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class.getName());

  private static final Map<String, Object> CONSUMER_FIXED =
      Map.of(
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          "false",
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          "earliest",
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ByteArrayDeserializer.class.getName(),
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ByteArrayDeserializer.class.getName());

  private final Map<String, Object> user;

  private ClientConfig(Map<String, Object> user) {
    this.user = user;
  }

  /** Checks the user's properties. */
  public static ClientConfig of(Map<String, Object> user) throws CaptureException {
    Object servers = user.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    if (servers == null || servers.toString().isBlank()) {
      throw invalid("bootstrap.servers is missing: where is the broker?");
    }
    if (user.containsKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
      throw invalid("transactional.id cannot be set: captures are made visible by their manifest");
    }
    for (Map.Entry<String, Object> fixed : PRODUCER_FIXED.entrySet()) {
      Object wanted = user.get(fixed.getKey());
      if (wanted != null && !meansTheSame(fixed.getKey(), wanted, fixed.getValue())) {
        throw invalid(
            "%s=%s cannot be set: a capture needs %s; remove it"
                .formatted(fixed.getKey(), wanted, fixed.getValue()));
      }
    }
    return new ClientConfig(Map.copyOf(user));
  }

  public String bootstrapServers() {
    return String.valueOf(user.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
  }

  /** Of a producer of captures. */
  public Map<String, Object> producer() {
    return merged(PRODUCER_DEFAULTS, PRODUCER_FIXED, ProducerConfig.configNames());
  }

  /** Of a consumer without a group. */
  public Map<String, Object> consumer() {
    Map<String, Object> defaults = new HashMap<>(READER_DEFAULTS);
    defaults.putAll(CONSUMER_DEFAULTS);
    Map<String, Object> config = merged(defaults, CONSUMER_FIXED, ConsumerConfig.configNames());
    config.remove(ConsumerConfig.GROUP_ID_CONFIG); // Partitions are assigned by hand.
    config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    return config;
  }

  Map<String, Object> admin() {
    return merged(READER_DEFAULTS, Map.of(), AdminClientConfig.configNames());
  }

  /** What belongs to another kind of client only is left out: Kafka would warn of each. */
  private Map<String, Object> merged(
      Map<String, Object> defaults, Map<String, Object> fixed, Set<String> known) {
    Set<String> foreign = new HashSet<>(ProducerConfig.configNames());
    foreign.addAll(ConsumerConfig.configNames());
    foreign.addAll(AdminClientConfig.configNames());
    foreign.removeAll(known);
    Map<String, Object> config = new HashMap<>(defaults);
    config.putAll(user);
    config.putAll(fixed);
    config.keySet().removeAll(foreign);
    return config;
  }

  private static boolean meansTheSame(String name, Object wanted, Object needed) {
    String value = wanted instanceof Class<?> type ? type.getName() : wanted.toString().trim();
    return value.equalsIgnoreCase(needed.toString())
        || (name.equals(ProducerConfig.ACKS_CONFIG) && value.equals("-1"));
  }

  private static CaptureException invalid(String message) {
    return new CaptureException(Cause.CONFIGURATION, "Kafka client properties: " + message, null);
  }
}
