package io.ramtide.correlator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsSettingsTest {
  private static final CorrelatorOptions OPTIONS =
      new CorrelatorOptions("node-1", Path.of("state"));

  private static Properties settings(Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>(more);
    config.put("bootstrap.servers", "localhost:1");
    return StreamsSettings.of(config, OPTIONS);
  }

  @Test
  void settings_areAcceptedByStreams() {
    StreamsConfig config = new StreamsConfig(settings(Map.of()));

    var consumer = config.getMainConsumerConfigs("g", "c", 1);
    assertThat(consumer)
        .containsEntry("group.instance.id", "node-1-1")
        .containsEntry("session.timeout.ms", 15_000)
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("auto.offset.reset", "earliest");
    assertThat(config.getProducerConfigs("p")).containsEntry("transaction.timeout.ms", 300_000);
    assertThat(config.getString("processing.guarantee")).isEqualTo("exactly_once_v2");
    assertThat(config.getString("state.dir")).isEqualTo("state");
  }

  @Test
  void clientConfig_winsOverDefaults() {
    Properties settings = settings(Map.of("num.stream.threads", "2", "security.protocol", "SSL"));
    assertThat(settings)
        .containsEntry("num.stream.threads", "2")
        .containsEntry("security.protocol", "SSL");
  }

  @Test
  void clientConfig_withoutPrefix_winsOverDefaultsOfClients() {
    StreamsConfig config =
        new StreamsConfig(
            settings(Map.of("transaction.timeout.ms", "30000", "session.timeout.ms", "45000")));
    assertThat(config.getProducerConfigs("p")).containsEntry("transaction.timeout.ms", "30000");
    assertThat(config.getMainConsumerConfigs("g", "c", 1))
        .containsEntry("session.timeout.ms", "45000");
  }

  @Test
  void clientConfig_cannotWeakenTheGuarantee() {
    StreamsConfig config =
        new StreamsConfig(
            settings(
                Map.of(
                    "processing.guarantee", "at_least_once",
                    "group.protocol", "streams",
                    "isolation.level", "read_uncommitted",
                    "enable.auto.commit", "true",
                    "enable.idempotence", "false",
                    "acks", "1",
                    "default.value.serde", "java.lang.String")));

    assertThat(config.getString("processing.guarantee")).isEqualTo("exactly_once_v2");
    assertThat(config.getMainConsumerConfigs("g", "c", 1))
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("enable.auto.commit", "false")
        .containsEntry("group.instance.id", "node-1-1");
    assertThat(config.getProducerConfigs("p"))
        .containsEntry("enable.idempotence", true)
        .doesNotContainKey("acks"); // Left to the default of idempotence: all.
  }
}
