package io.ramtide.correlator;

import static io.ramtide.correlator.Samples.noon;
import static io.ramtide.correlator.Samples.process;
import static io.ramtide.correlator.Samples.summary;
import static io.ramtide.correlator.Samples.unlinked;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Topics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
  private static final List<String> TOPICS =
      List.of(Topics.TIMELINE_PROCESS, Topics.ANOMALIES, Topics.SIEM, Topics.REJECTED);

  @TempDir private Path state;
  @TempDir private Path otherState;

  /** A break-in, step by step: one element is one record. */
  private static List<Runnable> incident(Harness harness) {
    ProcessFinding.Builder system = process(4, "System", noon(-1000));
    ProcessFinding.Builder word = process(80, "winword.exe", noon(-100));
    ProcessFinding.Builder dropper = process(96, "dropper.exe", noon(30));
    ProcessFinding.Builder dropperGone = process(96, "dropper.exe", noon(30)).setExitTime(noon(61));
    ProcessFinding.Builder evil = process(120, "evil.exe", noon(60.5));
    ProcessFinding.Builder evilHidden = unlinked(120, "evil.exe", noon(60.5));
    List<Runnable> steps = new ArrayList<>();
    capture(steps, harness, 1, ListStatus.complete, system, word);
    capture(steps, harness, 2, ListStatus.complete, system, word, dropper);
    capture(steps, harness, 3, ListStatus.complete, system, word, dropperGone, evil);
    capture(steps, harness, 4, ListStatus.incomplete, system);
    capture(steps, harness, 5, ListStatus.complete, system, word, dropperGone, evilHidden);
    capture(steps, harness, 6, ListStatus.complete, system, evilHidden);
    return steps;
  }

  private static void capture(
      List<Runnable> steps,
      Harness harness,
      long number,
      ListStatus list,
      ProcessFinding.Builder... processes) {
    for (ProcessFinding.Builder process : processes) {
      steps.add(() -> harness.find(number, process.build()));
    }
    steps.add(
        () ->
            harness.find(
                number,
                summary(processes.length, (number - 1) * 60.0).setActiveList(list).build()));
  }

  private static List<String> everything(Harness harness) {
    return TOPICS.stream()
        .flatMap(topic -> harness.records(topic).stream().map(r -> topic + hex(r.value())))
        .toList();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void incident_isToldWhole() {
    try (Harness harness = new Harness(state, Correlator.topology())) {
      incident(harness).forEach(Runnable::run);

      assertThat(harness.events(1)).containsExactly("started System", "started winword.exe");
      assertThat(harness.events(2)).containsExactly("started dropper.exe");
      assertThat(harness.events(3)).containsExactly("started evil.exe", "exited dropper.exe");
      assertThat(harness.events(4)).isEmpty();
      assertThat(harness.events(5)).isEmpty();
      assertThat(harness.events(6)).containsExactly("disappeared winword.exe");
      assertThat(harness.anomalies()).hasSize(1);
      assertThat(harness.anomalies().get(0).getCapture()).isEqualTo(5);
      assertThat(harness.anomalies().get(0).getMessage()).startsWith("evil.exe (PID 120) runs");
      assertThat(harness.captures()).hasSize(6);
      assertThat(harness.siem()).hasSize(7);
      assertThat(harness.rejected()).isEmpty();
    }
  }

  @Test
  void sameInput_givesTheSameBytes() {
    try (Harness one = new Harness(state, Correlator.topology());
        Harness other = new Harness(otherState)) {
      incident(one).forEach(Runnable::run);
      incident(other).forEach(Runnable::run);

      assertThat(everything(one)).hasSize(20).isEqualTo(everything(other));
    }
  }

  @Test
  void restartAfterEveryRecord_givesTheSameBytes() {
    try (Harness one = new Harness(state, Correlator.topology());
        Harness restarted = new Harness(otherState)) {
      incident(one).forEach(Runnable::run);
      for (Runnable step : incident(restarted)) {
        step.run();
        restarted.restart();
      }

      assertThat(everything(restarted)).isEqualTo(everything(one));
    }
  }
}
