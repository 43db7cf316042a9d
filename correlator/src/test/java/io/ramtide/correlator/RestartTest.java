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
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestartTest {
  private static final List<String> TOPICS =
      List.of(
          Topics.TIMELINE_PROCESS,
          Topics.TIMELINE_REGISTRY,
          Topics.ANOMALIES,
          Topics.SIEM,
          Topics.REJECTED);

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

      assertThat(everything(one)).hasSize(26).isEqualTo(everything(other));
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

  /** A Run key is written, then a service is deleted, while a hive comes and goes. */
  private static List<Runnable> registryIncident(Harness harness) {
    RegistryHarness registry = new RegistryHarness(harness);
    SampleHive software = SampleHive.software();
    software.key("Run", -500);
    software.key("Services", -500);
    software.key("Services\\evil", -500);
    SampleHive user = new SampleHive(0xffff_f8a0_0100_0000L, "\\REGISTRY\\USER\\S-1-5-21-1");
    List<Runnable> steps = new ArrayList<>();
    steps.addAll(registry.steps(1, 0, summary -> {}, List.of(software.whole())));
    software.text("Run", "Updater", "evil.exe", 30);
    steps.addAll(
        registry.steps(
            2, 60, s -> {}, List.of(software.changed(1L, List.of("Run")), user.whole())));
    software.delete("Services\\evil", 70);
    List<SpecificRecord> changed = new ArrayList<>(software.changed(2L, List.of("Services")));
    changed.add(software.gone("Services\\evil"));
    steps.addAll(registry.steps(3, 120, s -> {}, List.of(changed)));
    software.text("Run", "Updater", "worse.exe", 130);
    steps.addAll(registry.steps(4, 180, s -> {}, List.of(software.whole())));
    return steps;
  }

  @Test
  void restartAfterEveryRecord_givesTheSameRegistryEvents() {
    try (Harness one = new Harness(state, Correlator.topology());
        Harness restarted = new Harness(otherState)) {
      registryIncident(one).forEach(Runnable::run);
      for (Runnable step : registryIncident(restarted)) {
        step.run();
        restarted.restart();
      }

      RegistryHarness told = new RegistryHarness(one);
      assertThat(told.events(1)).isEmpty();
      assertThat(told.events(2)).hasSize(2);
      assertThat(told.events(3))
          .containsExactlyInAnyOrder(
              "keyDeleted Services\\evil", "hiveUnloaded \\REGISTRY\\USER\\S-1-5-21-1");
      assertThat(told.events(4)).hasSize(1);
      assertThat(everything(restarted)).isEqualTo(everything(one));
    }
  }
}
