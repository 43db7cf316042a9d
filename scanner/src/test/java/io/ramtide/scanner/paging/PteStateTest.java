package io.ramtide.scanner.paging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PteStateTest {
  @ParameterizedTest
  @CsvSource({
    "0x8000000012345863, VALID",
    "0x12345880, TRANSITION",
    "0x8a0012345400, PROTOTYPE",
    "0xffffffff00000400, VAD_PROTOTYPE",
    "0xffffffff00000c00, VAD_PROTOTYPE",
    "0x1234000000c2, PAGEFILE",
    "0x80, DEMAND_ZERO",
    "0x0, UNMAPPED",
  })
  void entry_isInItsState(String entry, PteState state) {
    assertThat(PteState.of(Long.parseUnsignedLong(entry.substring(2), 16))).isEqualTo(state);
  }
}
