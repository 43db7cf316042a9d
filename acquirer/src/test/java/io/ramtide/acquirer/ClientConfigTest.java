package io.ramtide.acquirer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientConfigTest {
  @Test
  void user_winsOverDefaults() throws Exception {
    ClientConfig config = with("compression.type", "zstd", "batch.size", "10");
    assertThat(config.producer())
        .containsEntry("compression.type", "zstd")
        .containsEntry("batch.size", "10")
        .containsEntry("acks", "all");
    assertThat(config.consumer()).doesNotContainKey("batch.size");
    assertThat(config.admin()).containsEntry("bootstrap.servers", "localhost:1");
  }

  @Test
  void unknownProperties_reachEveryClient() throws Exception {
    ClientConfig config = with("my.login.module.setting", "x");
    assertThat(config.producer()).containsKey("my.login.module.setting");
    assertThat(config.consumer()).containsKey("my.login.module.setting");
    assertThat(config.admin()).containsKey("my.login.module.setting");
  }

  @ParameterizedTest
  @CsvSource({
    "acks, 1",
    "acks, 0",
    "enable.idempotence, false",
    "key.serializer, org.apache.kafka.common.serialization.StringSerializer",
    "transactional.id, mine"
  })
  void whatCorrectnessNeeds_cannotBeChanged(String name, String value) {
    assertThatThrownBy(() -> with(name, value))
        .isInstanceOfSatisfying(
            CaptureException.class,
            e -> assertThat(e.origin()).isEqualTo(CaptureException.Cause.CONFIGURATION))
        .hasMessageContaining(name)
        .hasMessageContaining("cannot be set");
  }

  @Test
  void whatCorrectnessNeeds_canBeRepeated() throws Exception {
    assertThat(with("acks", "-1", "enable.idempotence", "TRUE").producer())
        .containsEntry("acks", "all");
    Map<String, Object> typed = new HashMap<>(Map.of("bootstrap.servers", "localhost:1"));
    typed.put("value.serializer", ByteArraySerializer.class);
    assertThat(ClientConfig.of(typed)).isNotNull();
  }

  @Test
  void missingServers_saySo() {
    assertThatThrownBy(() -> ClientConfig.of(Map.of()))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("bootstrap.servers");
  }

  @Test
  void absentBroker_isNamed(@TempDir Path folder) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", "localhost:1",
            "default.api.timeout.ms", "300",
            "request.timeout.ms", "200");
    assertThatThrownBy(
            () -> Acquirer.connect(config, new AcquirerOptions(folder.resolve("key"), 64)))
        .isInstanceOfSatisfying(
            CaptureException.class,
            e -> assertThat(e.origin()).isEqualTo(CaptureException.Cause.BROKER))
        .hasMessageContaining("no broker answers at localhost:1");
  }

  private static ClientConfig with(String... pairs) throws CaptureException {
    Map<String, Object> user = new HashMap<>(Map.of("bootstrap.servers", "localhost:1"));
    for (int i = 0; i < pairs.length; i += 2) {
      user.put(pairs[i], pairs[i + 1]);
    }
    return ClientConfig.of(user);
  }
}
