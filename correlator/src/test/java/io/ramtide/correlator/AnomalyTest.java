package io.ramtide.correlator;

import static io.ramtide.correlator.Samples.noon;
import static io.ramtide.correlator.Samples.process;
import static io.ramtide.correlator.Samples.unlinked;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Severity;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.View;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnomalyTest {
  @TempDir private Path state;
  private Harness harness;

  @BeforeEach
  void open() {
    harness = new Harness(state);
  }

  @AfterEach
  void close() {
    harness.close();
  }

  private static ProcessFinding.Builder hidden() {
    return unlinked(1234, "evil.exe", noon(-9));
  }

  private static ProcessFinding.Builder listed() {
    return process(1234, "evil.exe", noon(-9));
  }

  private static void live(Summary.Builder summary) {
    summary.setConsistency(Consistency.LIVE);
  }

  private List<Long> captures() {
    return harness.anomalies().stream().map(Anomaly::getCapture).toList();
  }

  @Test
  void scannedButNotListed_isAnAnomaly() {
    harness.capture(1, 0, listed());
    harness.capture(2, 60, hidden());

    assertThat(harness.anomalies()).hasSize(1);
    Anomaly anomaly = harness.anomalies().get(0);
    assertThat(anomaly.getRule()).isEqualTo("process-not-in-active-list");
    assertThat(anomaly.getTechnique()).isEqualTo("T1014");
    assertThat(anomaly.getSeverity()).isEqualTo(Severity.high);
    assertThat(anomaly.getMessage())
        .isEqualTo(
            "evil.exe (PID 1234) runs but is not in the active process list"
                + " (seen by poolScan at GPA 0x3f4d2000)");
    assertThat(anomaly.getCapture()).isEqualTo(2);
    assertThat(anomaly.getNotBefore()).isEqualTo(noon(0));
    assertThat(anomaly.getNotAfter()).isEqualTo(noon(60));
    assertThat(anomaly.getPid()).isEqualTo(1234);
    assertThat(anomaly.getEvidence().getSeenBy()).containsExactly(View.poolScan);
  }

  @Test
  void headerScan_countsAsScan() {
    harness.capture(1, 0, hidden().setSeenBy(List.of(View.headerScan)));
    assertThat(captures()).containsExactly(1L);
  }

  @Test
  void unknownConsistency_isToldAtOnce() {
    harness.capture(1, 0, s -> s.setConsistency(Consistency.UNKNOWN), hidden());
    assertThat(captures()).containsExactly(1L);
  }

  @Test
  void sameAnomaly_isToldOnce() {
    harness.capture(1, 0, hidden());
    harness.capture(2, 60, hidden());
    harness.capture(3, 90, hidden());
    assertThat(captures()).containsExactly(1L);
  }

  @Test
  void backOnTheListInBetween_isToldAgain() {
    harness.capture(1, 0, hidden());
    harness.capture(2, 60, listed());
    harness.capture(3, 90, hidden());
    assertThat(captures()).containsExactly(1L, 3L);
  }

  @Test
  void undecidedInBetween_isNotToldAgain() {
    harness.capture(1, 0, hidden());
    harness.capture(2, 60, s -> s.setActiveList(ListStatus.incomplete), hidden());
    harness.capture(3, 90, hidden().setActiveThreads(0L));
    harness.capture(4, 120, hidden());
    assertThat(captures()).containsExactly(1L);
  }

  @Test
  void exited_isNone() {
    harness.capture(1, 0, hidden().setExitTime(noon(-1)));
    assertThat(captures()).isEmpty();
  }

  @Test
  void withoutThreads_isNone() {
    harness.capture(1, 0, hidden().setActiveThreads(0L));
    assertThat(captures()).isEmpty();
  }

  @Test
  void withUnknownThreads_isAnAnomaly() {
    harness.capture(1, 0, hidden().setActiveThreads(null));
    assertThat(captures()).containsExactly(1L);
  }

  @Test
  void idle_isNone() {
    harness.capture(1, 0, unlinked(0, "Idle", null));
    assertThat(captures()).isEmpty();
  }

  @Test
  void listNotWalkedToItsEnd_provesNothing() {
    harness.capture(1, 0, s -> s.setActiveList(ListStatus.incomplete), hidden());
    harness.capture(2, 60, s -> s.setActiveList(ListStatus.notWalked), hidden());
    assertThat(captures()).isEmpty();
  }

  @Test
  void captureNotDecoded_provesNothing() {
    harness.capture(1, 0, s -> s.setStatus(CaptureStatus.UNSUPPORTED_BUILD), hidden());
    assertThat(captures()).isEmpty();
  }

  @Test
  void live_needsTwoCapturesInARow() {
    harness.capture(1, 0, AnomalyTest::live, listed());
    harness.capture(2, 60, AnomalyTest::live, hidden());
    assertThat(captures()).isEmpty();

    harness.capture(3, 90, AnomalyTest::live, hidden());
    assertThat(captures()).containsExactly(3L);
    assertThat(harness.anomalies().get(0).getNotBefore())
        .as("it was last on the list in capture 1")
        .isEqualTo(noon(0));
  }

  @Test
  void live_onceOffTheList_isNone() {
    harness.capture(1, 0, AnomalyTest::live, hidden());
    harness.capture(2, 60, AnomalyTest::live, listed());
    harness.capture(3, 90, AnomalyTest::live, hidden());
    assertThat(captures()).isEmpty();
  }

  @Test
  void anotherProcessWithTheSamePid_isToldToo() {
    harness.capture(1, 0, hidden());
    harness.capture(2, 60, unlinked(1234, "worse.exe", noon(30)));
    assertThat(captures()).containsExactly(1L, 2L);
  }

  @Test
  void hiddenButStillInTheKernelsTables_isCritical_andNamesThem() {
    harness.capture(
        1, 0, hidden().setSeenBy(List.of(View.poolScan, View.cidTable, View.threadOwners)));

    Anomaly anomaly = harness.anomalies().get(0);
    assertThat(anomaly.getSeverity()).isEqualTo(Severity.critical);
    assertThat(anomaly.getMessage())
        .isEqualTo(
            "evil.exe (PID 1234) runs but is not in the active process list"
                + " (seen by poolScan at GPA 0x3f4d2000)"
                + "; the kernel still keeps it in cidTable and threadOwners");
  }
}
