package io.ramtide.cli.timeline;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.cli.broker.BrokerLink;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** The same against Kafka in a container, where a Docker engine runs. */
class TestcontainersTimelineIT extends TimelineContract {
  private static KafkaContainer kafka;

  @BeforeAll
  static void start() {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "SKIPPED: no Docker engine answers; EmbeddedBrokerTimelineIT ran the same tests");
    kafka = new KafkaContainer("apache/kafka-native:4.3.1");
    kafka.start();
  }

  @AfterAll
  static void stop() {
    if (kafka != null) {
      kafka.stop();
    }
  }

  @Override
  BrokerLink broker() {
    return new BrokerLink(Map.of("bootstrap.servers", kafka.getBootstrapServers()), false);
  }
}
