package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.ThreadFinding;
import io.ramtide.schemas.View;
import io.ramtide.testkit.truth.ThreadTruth;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads, running and ended, on guests of every build. */
class SimulatedThreadsTest {
  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyThread_isTheTruth(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    assertThat(guest.found(ThreadFinding.class).map(SimulatedThreadsTest::row))
        .containsExactlyInAnyOrderElementsOf(
            guest.truth().threads().stream().map(SimulatedThreadsTest::row).toList());
  }

  /** Of an ended process the modules are gone. */
  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyRunningThread_beganInItsModule_thePlantedOneInNone(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    List<String> expected =
        guest.truth().threads().stream()
            .filter(thread -> thread.exitTime() == 0)
            .map(
                thread ->
                    "%d %s (%s)"
                        .formatted(
                            thread.tid(),
                            thread.startModule(),
                            thread.startModule() == null ? "in no module" : null))
            .toList();
    assertThat(
            guest
                .found(ThreadFinding.class)
                .filter(thread -> thread.getExitTime() == null)
                .map(
                    thread ->
                        "%d %s (%s)"
                            .formatted(
                                thread.getTid(),
                                thread.getStartModule(),
                                thread.getStartModuleStatus())))
        .containsExactlyInAnyOrderElementsOf(expected);
    assertThat(expected).filteredOn(row -> row.contains("in no module")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyView_hasWhatItShould(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    assertThat(
            guest
                .found(ThreadFinding.class)
                .map(thread -> thread.getTid() + " " + EnumSet.copyOf(thread.getSeenBy())))
        .containsExactlyInAnyOrderElementsOf(
            guest.truth().threads().stream()
                .map(thread -> thread.tid() + " " + expectedViews(thread))
                .toList());
  }

  private static Set<View> expectedViews(ThreadTruth thread) {
    Set<View> views = EnumSet.of(View.poolScan);
    if (thread.listed()) {
      views.add(View.threadList);
      views.add(View.schedulerList);
    }
    if (!thread.freed()) {
      views.add(View.cidTable);
    }
    return views;
  }

  private static String row(ThreadTruth thread) {
    return row(
        thread.tid(),
        thread.pid(),
        thread.createTime(),
        thread.exitTime(),
        thread.startAddress(),
        thread.state(),
        thread.tebVa(),
        thread.objectVa(),
        thread.objectGpa(),
        thread.listed());
  }

  private static String row(ThreadFinding thread) {
    return row(
        thread.getTid(),
        thread.getPid(),
        thread.getCreateTime(),
        Objects.requireNonNullElse(thread.getExitTime(), 0L),
        thread.getStartAddress(),
        thread.getState(),
        Objects.requireNonNullElse(thread.getTebVa(), 0L),
        thread.getObjectVa(),
        thread.getObjectGpa(),
        thread.getSeenBy().contains(View.threadList));
  }

  private static String row(
      long tid,
      long pid,
      long created,
      long exited,
      long start,
      String state,
      long teb,
      long va,
      long gpa,
      boolean listed) {
    return "%d.%d %d-%d from %x %s teb %x at %x %x listed %b"
        .formatted(pid, tid, created, exited, start, state, teb, va, gpa, listed);
  }
}
