package io.ramtide.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.term.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class RoleFailureTest {
  private final BrokerLink broker =
      new BrokerLink(Map.of("bootstrap.servers", "127.0.0.1:9092"), false);

  @Test
  void storeThatCannotBeOpened_isLocal_thoughKafkaSaysIt() {
    Throwable thrown = new StreamsException(new ProcessorStateException("Error opening store"));
    assertThat(code(thrown)).isEqualTo(ExitCode.LOCAL);
  }

  @Test
  void brokerThatDoesNotAnswer_isTheBrokers() {
    assertThat(code(new TimeoutException("no answer"))).isEqualTo(ExitCode.BROKER);
  }

  @Test
  void fileTrouble_isLocal() {
    assertThat(code(new UncheckedIOException(new IOException("No space left on device"))))
        .isEqualTo(ExitCode.LOCAL);
  }

  @Test
  void anythingElse_isADefect() {
    assertThat(code(new IllegalStateException())).isEqualTo(ExitCode.INTERNAL);
  }

  private ExitCode code(Throwable thrown) {
    return RoleFailure.of("correlator", thrown, broker).exitCode();
  }
}
