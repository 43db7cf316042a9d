package io.ramtide.correlator;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class FailurePolicyTest {
  private final AtomicLong nanos = new AtomicLong();
  private final FailurePolicy policy =
      new FailurePolicy(new CorrelatorOptions("node-1", Path.of("state")), nanos::get);

  @Test
  void passingFault_replacesTheThread() {
    assertThat(policy.handle(new StreamsException(new TimeoutException("broker away"))))
        .isEqualTo(REPLACE_THREAD);
    assertThat(policy.failure()).isNull();
  }

  @Test
  void faultThatDoesNotPass_stops() {
    StreamsException fault = new StreamsException(new TimeoutException("broker away"));
    for (int i = 0; i < FailurePolicy.MAX_REPLACEMENTS; i++) {
      assertThat(policy.handle(fault)).isEqualTo(REPLACE_THREAD);
    }
    assertThat(policy.handle(fault)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(policy.failure()).isSameAs(fault);
  }

  @Test
  void faultsFarApart_neverStop() {
    for (int i = 0; i < 100; i++) {
      nanos.addAndGet(Duration.ofMinutes(5).toNanos());
      assertThat(policy.handle(new TimeoutException("broker away"))).isEqualTo(REPLACE_THREAD);
    }
  }

  @Test
  void missingTopic_saysWhatToDo() {
    assertThat(policy.handle(new MissingSourceTopicException("one or more")))
        .isEqualTo(SHUTDOWN_CLIENT);
    assertThat(policy.failure())
        .hasMessage(
            "ramtide.findings does not exist: create the topics with: ramtide topics create");
  }

  @Test
  void secondInstanceOfTheSameName_saysSo() {
    policy.handle(new StreamsException(new FencedInstanceIdException("fenced")));
    assertThat(policy.failure())
        .hasMessageContaining("another correlator runs as instance 'node-1'");
  }

  @Test
  void anyOtherFault_stopsWithItsCause() {
    StreamsException fault = new StreamsException(new SaslAuthenticationException("bad password"));
    assertThat(policy.handle(fault)).isEqualTo(SHUTDOWN_CLIENT);
    assertThat(policy.failure()).isSameAs(fault);
  }
}
