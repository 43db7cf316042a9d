package io.ramtide.acquirer.agent.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.live.LiveGuest;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DomainTest {
  private static final LiveGuest WEB =
      (LiveGuest)
          Proxy.newProxyInstance(
              DomainTest.class.getClassLoader(),
              new Class<?>[] {LiveGuest.class},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "uuid" -> new UUID(0, 1);
                    case "name" -> "web";
                    default -> throw new UnsupportedOperationException(method.getName());
                  });

  private final Domain domain = new Domain(WEB, Duration.ofSeconds(1), OptionalLong.empty());

  @Test
  void longTrouble_isCut_soThatAHeartbeatHoldsThatOfAThousandDomains() {
    domain.failed(domain.begin().orElseThrow(), "web: " + "x".repeat(10_000));

    assertThat(domain.status().record().getTrouble()).hasSize(300).startsWith("web: xx");
  }
}
