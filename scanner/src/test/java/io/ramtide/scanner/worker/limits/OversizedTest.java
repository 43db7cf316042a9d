package io.ramtide.scanner.worker.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.AvroSafety;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.FindingKind;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OversizedTest {
  @BeforeAll
  static void trustTheRecords() {
    AvroSafety.apply();
  }

  private final Oversized oversized = new Oversized();
  private final List<Coverage> coverage =
      List.of(
          new Coverage("registry", CoverageStatus.complete, 7, null),
          new Coverage("vads", CoverageStatus.incomplete, 3, "paged out"));

  @Test
  void everythingFits_coverageStays() {
    assertThat(oversized.fits(FindingKind.registryKey, Oversized.MAX_RECORD - 1)).isTrue();
    assertThat(oversized.correct(coverage)).isEqualTo(coverage);
  }

  @Test
  void tooLarge_isLeftOut_andItsKindSaysSo() {
    assertThat(oversized.fits(FindingKind.registryKey, Oversized.MAX_RECORD)).isFalse();
    assertThat(oversized.fits(FindingKind.registryKeyGone, 1 << 30)).isFalse();
    assertThat(oversized.fits(FindingKind.vad, 1 << 20)).isFalse();

    assertThat(oversized.correct(coverage))
        .containsExactly(
            new Coverage(
                "registry",
                CoverageStatus.incomplete,
                5,
                "2 of them larger than a record may be (524288 bytes)"),
            new Coverage(
                "vads",
                CoverageStatus.incomplete,
                2,
                "1 of them larger than a record may be (524288 bytes); paged out"));
  }
}
