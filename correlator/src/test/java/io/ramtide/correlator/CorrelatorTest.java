package io.ramtide.correlator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Without a broker: port 1 of the loopback refuses. */
class CorrelatorTest {
  private static final Map<String, Object> NO_BROKER = Map.of("bootstrap.servers", "127.0.0.1:1");

  @TempDir private Path state;

  private CorrelatorOptions options() {
    return new CorrelatorOptions("a", state);
  }

  @Test
  @Timeout(20)
  void brokerThatIsAway_isWaitedForUntilClose() throws Exception {
    Correlator correlator = new Correlator(NO_BROKER, options());
    correlator.start();
    correlator.close();
    assertThat(correlator.awaitStop()).isNull();
  }

  @Test
  @Timeout(20)
  void stateFolderInUse_isRefused() {
    try (Correlator first = new Correlator(NO_BROKER, options());
        Correlator second = new Correlator(NO_BROKER, options())) {
      first.start();
      assertThatThrownBy(second::start)
          .isInstanceOf(StreamsException.class)
          .hasMessageContaining(state.toString());
    }
  }

  @Test
  void configurationThatKafkaRefuses_isRefusedAtStart() {
    try (Correlator correlator =
        new Correlator(Map.of("bootstrap.servers", "no port here"), options())) {
      assertThatThrownBy(correlator::start).hasRootCauseInstanceOf(ConfigException.class);
    }
  }

  @Test
  void closeBeforeStart_isNoFailure() throws Exception {
    Correlator correlator = new Correlator(NO_BROKER, options());
    correlator.close();
    assertThat(correlator.awaitStop()).isNull();
  }
}
