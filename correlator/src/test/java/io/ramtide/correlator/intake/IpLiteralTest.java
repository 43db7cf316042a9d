package io.ramtide.correlator.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "255.255.255.255",
        "10.0.0.5",
        "::",
        "::1",
        "fe80::1:2",
        "::ffff:10.0.0.5",
        "2001:db8:1:2:3:4:5:6"
      })
  void address_isKept(String text) {
    assertThat(IpLiteral.orNull(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "10.0.0",
        "10.0.0.256",
        "010.0.0.1",
        "example.com",
        "fe80::1%3",
        "::1::2",
        "[::1]",
        "1:2:3:4:5:6:7:8:9",
        ":",
        "a:b",
        "10.0.0.5 "
      })
  void anythingElse_isNone(String text) {
    assertThat(IpLiteral.orNull(text)).isNull();
  }
}
