package io.ramtide.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FileTimeTest {
  @Test
  void format_hasSevenDecimals() {
    assertThat(FileTime.format(131_860_719_713_642_990L)).isEqualTo("2018-11-07T13:46:11.3642990Z");
  }

  @Test
  void format_ofItsEpoch_isFirstOf1601() {
    assertThat(FileTime.format(0)).isEqualTo("1601-01-01T00:00:00.0000000Z");
  }

  /** A guest may claim any time. */
  @Test
  void format_ofExtremes_doesNotThrow() {
    assertThat(FileTime.format(Long.MAX_VALUE)).endsWith("Z");
    assertThat(FileTime.format(Long.MIN_VALUE)).endsWith("Z");
  }

  @Test
  void ofMicros_andToInstant_agree() {
    Instant now = Instant.parse("2026-01-02T03:04:05.123456Z");
    long micros = now.getEpochSecond() * 1_000_000 + 123_456;
    assertThat(FileTime.toInstant(FileTime.ofMicros(micros))).isEqualTo(now);
  }
}
