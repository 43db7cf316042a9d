package io.ramtide.correlator;

import static io.ramtide.correlator.Harness.bytes;
import static io.ramtide.correlator.Samples.DOMAIN;
import static io.ramtide.correlator.Samples.noon;
import static io.ramtide.correlator.Samples.process;
import static io.ramtide.correlator.Samples.summary;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.correlator.intake.Limits;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.HandleFinding;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Topics;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputTest {
  private static final String OTHER_DOMAIN = "ffffffff-7d2f-4b60-9a51-3f0e5d2c7a11";

  @TempDir private Path state;
  private Harness harness;

  @BeforeEach
  void open() {
    harness = new Harness(state, new Limits(2, 2, 2, 2, 32 << 20, 32 << 20));
  }

  @AfterEach
  void close() {
    harness.close();
  }

  private static ProcessFinding cmd() {
    return process(8, "cmd.exe", noon(-9)).build();
  }

  private Rejected rejected() {
    assertThat(harness.rejected()).hasSize(1);
    return harness.rejected().get(0);
  }

  private void assertStillCorrelates(long capture) {
    harness.capture(capture, 100, process(16, "alive.exe", noon(-1)));
    assertThat(harness.events(capture)).contains("started alive.exe");
  }

  @Test
  void corruptBytes_areRejectedWithPositionAndHeads() {
    byte[] garbage = new byte[2000];
    new Random(1).nextBytes(garbage);
    harness.find(1, cmd());
    harness.pipe(garbage, garbage);

    assertThat(rejected().getRole()).isEqualTo("correlator");
    assertThat(rejected().getTopic()).isEqualTo(Topics.FINDINGS);
    assertThat(rejected().getPartition()).isZero();
    assertThat(rejected().getOffset()).isEqualTo(1);
    assertThat(rejected().getReason()).contains("single-object encoding");
    assertThat(rejected().getKeyHead().array()).isEqualTo(Arrays.copyOf(garbage, 256));
    assertThat(rejected().getValueHead().array()).isEqualTo(Arrays.copyOf(garbage, 1024));
    assertThat(rejected().getValueBytes()).isEqualTo(2000);
    assertThat(rejected().getRejectedAt()).isEqualTo(Harness.NOW.toEpochMilli() * 1000);
    assertThat(harness.records(Topics.REJECTED).get(0).key()).isEqualTo(bytes(Topics.FINDINGS));
  }

  @Test
  void truncatedFinding_isRejected() {
    byte[] whole = new FindingCodec().encode(DOMAIN, 1, cmd());
    for (int length = 0; length < whole.length; length++) {
      harness.pipe(bytes(DOMAIN), Arrays.copyOf(whole, length));
    }
    assertThat(harness.rejected()).hasSize(whole.length);
    assertStillCorrelates(1);
  }

  @Test
  void foreignAvroRecord_isRejected() {
    Rejected foreign = Rejections.of(0, 0, "none", 0, null, null);
    harness.pipe(bytes(DOMAIN), AvroCodec.of(Rejected.class).encode(foreign));

    assertThat(rejected().getReason()).contains("not a finding");
    assertStillCorrelates(1);
  }

  @Test
  void nullValueAndNullKey_areRejected() {
    harness.pipe(null, null);

    assertThat(rejected().getReason()).contains("no value");
    assertThat(rejected().getKeyHead()).isNull();
    assertThat(rejected().getValueHead()).isNull();
    assertStillCorrelates(1);
  }

  @Test
  void hugeFinding_isRejected() {
    harness.find(1, process(8, "x".repeat(600_000), null).build());
    assertThat(rejected().getReason()).contains("at most 524288");
  }

  @Test
  void domainThatIsNoUuid_isRejected() {
    harness.find("../../etc\u001b[31m", 1, cmd());
    assertThat(rejected().getReason()).contains("no lower-case UUID").doesNotContain("\u001b");
  }

  @Test
  void keyOfAnotherDomain_isRejected() {
    harness.pipe(bytes(OTHER_DOMAIN), new FindingCodec().encode(DOMAIN, 1, cmd()));
    assertThat(rejected().getReason()).contains("the key is not the finding's domain");
  }

  @Test
  void captureZero_isRejected() {
    harness.find(0, cmd());
    assertThat(rejected().getReason()).contains("numbered from 1");
  }

  @Test
  void impossibleHostTime_isRejected() {
    harness.find(1, summary(0, 0).setStartedAt(Long.MAX_VALUE).build());
    assertThat(rejected().getReason()).contains("host time");
    assertStillCorrelates(1);
  }

  @Test
  void summaryWithAnotherCount_isRejectedAndNothingIsCorrelated() {
    harness.find(1, cmd());
    harness.find(1, summary(2, 0).build());

    assertThat(rejected().getOffset()).isEqualTo(1);
    assertThat(rejected().getReason())
        .contains("speaks of 2 findings of the kinds that are correlated, but 1 came");
    assertThat(harness.events()).isEmpty();
    assertThat(harness.captures()).isEmpty();

    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)));
    assertThat(harness.events(1)).as("sent again, whole").containsExactly("started cmd.exe");
  }

  @Test
  void captureWithoutSummary_isDroppedWhenTheNextBegins() {
    harness.find(1, cmd());
    harness.find(1, cmd());
    harness.capture(2, 60, process(16, "next.exe", noon(30)));

    assertThat(rejected().getOffset()).isZero();
    assertThat(rejected().getReason()).contains("capture 1").contains("2 findings");
    assertThat(harness.events()).hasSize(1);
    assertThat(harness.events(2)).containsExactly("started next.exe");
  }

  @Test
  void findingOfAnEarlierCapture_isRejectedAndTheOpenCaptureGoesOn() {
    harness.find(5, cmd());
    harness.find(4, process(12, "late.exe", null).build());
    harness.find(5, summary(1, 0).build());

    assertThat(rejected().getReason()).contains("out of order");
    assertThat(harness.events(5)).containsExactly("started cmd.exe");
  }

  @Test
  void replayedCaptures_changeNothing() {
    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, process(8, "cmd.exe", noon(-9)).setExitTime(noon(5)));
    int written = harness.records(Topics.TIMELINE_PROCESS).size();

    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, process(8, "cmd.exe", noon(-9)).setExitTime(noon(5)));

    assertThat(harness.records(Topics.TIMELINE_PROCESS)).hasSize(written);
    assertThat(harness.rejected()).isEmpty();
  }

  @Test
  void gapInNumbers_isNotFatal() {
    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)));
    harness.capture(7, 60, process(8, "cmd.exe", noon(-9)).setExitTime(noon(5)));
    assertThat(harness.events(7)).containsExactly("exited cmd.exe");
  }

  @Test
  void domains_doNotMix() {
    harness.find(1, cmd());
    harness.find(OTHER_DOMAIN, 1, process(8, "other.exe", noon(-9)).build());
    harness.find(1, summary(1, 0).build());
    harness.find(OTHER_DOMAIN, 1, summary(1, 0).build());

    assertThat(harness.events(1)).containsExactly("started cmd.exe", "started other.exe");
    assertThat(harness.rejected()).isEmpty();
  }

  @Test
  void moreFindingsThanTheBound_areCountedAndSaidSo() {
    harness.capture(1, 0, process(8, "a", noon(-9)), process(12, "b", noon(-8)));
    assertThat(harness.captures().get(0).getDetail()).isNull();

    harness.capture(
        2,
        60,
        process(16, "c", noon(30)),
        process(20, "d", noon(31)),
        process(24, "e", noon(32)),
        process(28, "f", noon(33)));

    assertThat(harness.rejected()).isEmpty();
    assertThat(harness.events(2))
        .as("the rest may be among the dropped: nothing disappears")
        .containsExactly("started c", "started d");
    assertThat(harness.captures().get(1).getDetail())
        .isEqualTo("only 2 of 4 processes were correlated");
  }

  @Test
  void sameProcessTwiceInACapture_isOne() {
    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)), process(8, "cmd.exe", noon(-9)));
    assertThat(harness.events(1)).containsExactly("started cmd.exe");
  }

  @Test
  void otherKinds_areNeitherCountedNorRejected() {
    HandleFinding handle =
        HandleFinding.newBuilder().setPid(8).setHandle(4).setGrantedAccess(1).build();
    harness.find(1, Samples.system());
    harness.find(1, cmd());
    for (int i = 0; i < 10; i++) {
      harness.find(1, handle);
    }
    // A scanner counts all of them, and kind by kind.
    harness.find(
        1,
        summary(12, 0)
            .setCoverage(List.of(coverage("processes", 1), coverage("handles", 10)))
            .build());

    assertThat(harness.rejected()).isEmpty();
    assertThat(harness.events(1)).containsExactly("started cmd.exe");
    assertThat(harness.captures().get(0).getDetail()).isNull();
  }

  @Test
  void processThatDidNotCome_isNoticedByTheCoverage() {
    harness.find(1, Samples.system());
    harness.find(1, cmd());
    harness.find(1, summary(13, 0).setCoverage(List.of(coverage("processes", 2))).build());

    assertThat(rejected().getReason()).contains("speaks of 3 findings").contains("2 came");
  }

  @Test
  void captureThatWasNotAskedForProcesses_provesNoAbsence() {
    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)));
    harness.capture(2, 60, sum -> sum.setFindings(1).setCoverage(List.of(coverage("handles", 0))));

    assertThat(harness.rejected()).isEmpty();
    assertThat(harness.events(2)).isEmpty();
  }

  @Test
  void longestCommandLine_isCorrelated() {
    String line = "x".repeat(32_767);
    harness.capture(1, 0, process(8, "cmd.exe", noon(-9)).setCommandLine(line));
    assertThat(harness.events().get(0).getCommandLine()).isEqualTo(line);
  }

  @Test
  void commandLinesWithoutEnd_loseTheirTexts_notTheirProcesses() {
    String line = "\u6f22".repeat(32_767);
    ProcessFinding.Builder[] many = new ProcessFinding.Builder[400];
    for (int i = 0; i < many.length; i++) {
      many[i] = process(8 + 4L * i, "p.exe", noon(-9)).setCommandLine(line);
    }
    try (Harness roomy = new Harness(state.resolve("roomy"))) {
      roomy.capture(1, 0, many);
      assertThat(roomy.events()).hasSize(many.length);
      assertThat(roomy.events().get(0).getCommandLine()).isEqualTo(line);
      assertThat(roomy.events().get(many.length - 1).getCommandLine()).isNull();
    }
  }

  private static Coverage coverage(String kind, int count) {
    return new Coverage(kind, CoverageStatus.complete, count, null);
  }
}
