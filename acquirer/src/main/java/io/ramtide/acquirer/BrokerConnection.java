package io.ramtide.acquirer;

import io.ramtide.acquirer.CaptureException.Cause;
import io.ramtide.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Clients of a broker that answers and has the topics. */
record BrokerConnection(Producer<byte[], byte[]> producer, Consumer<byte[], byte[]> consumer) {
  private static final List<String> NEEDED =
      List.of(Topics.PAGES, Topics.CAPTURES, Topics.REJECTED);

  static BrokerConnection open(ClientConfig config) throws CaptureException {
    Producer<byte[], byte[]> producer = null;
    try {
      requireTopics(config);
      producer = new KafkaProducer<>(config.producer());
      return new BrokerConnection(producer, new KafkaConsumer<>(config.consumer()));
    } catch (KafkaException e) {
      if (producer != null) {
        producer.close();
      }
      throw explained(config, e);
    }
  }

  private static void requireTopics(ClientConfig config) throws CaptureException {
    try (Admin admin = Admin.create(config.admin())) {
      List<String> missing = new ArrayList<>();
      for (var topic : admin.describeTopics(NEEDED).topicNameValues().entrySet()) {
        try {
          topic.getValue().get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
            throw explained(config, e.getCause());
          }
          missing.add(topic.getKey());
        }
      }
      if (!missing.isEmpty()) {
        missing.sort(null);
        throw new CaptureException(
            Cause.BROKER,
            "%s has no topic %s; create them with: ramtide topics create"
                .formatted(config.bootstrapServers(), String.join(", ", missing)),
            null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CaptureException(Cause.BROKER, "interrupted while connecting", e);
    }
  }

  private static CaptureException explained(ClientConfig config, Throwable e) {
    Throwable cause = e.getCause() instanceof ConfigException ? e.getCause() : e;
    if (cause instanceof ConfigException && !cause.getMessage().contains("resolvable")) {
      return new CaptureException(
          Cause.CONFIGURATION, "Kafka client properties: " + cause.getMessage(), e);
    }
    return new CaptureException(
        Cause.BROKER,
        "no broker answers at %s: %s; start it, or check --bootstrap-servers and --config"
            .formatted(config.bootstrapServers(), cause.getMessage()),
        e);
  }
}
