package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.EnvironmentFinding;
import io.ramtide.schemas.EnvironmentVariable;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.View;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.ProcessTruth;
import io.ramtide.testkit.truth.HandleTruth;
import io.ramtide.testkit.truth.ProgramTruth;
import io.ramtide.testkit.truth.ThreadTruth;
import io.ramtide.testkit.truth.TokenTruth;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Processes and what their own memory says of them, on guests of every build. */
class SimulatedProcessesTest {
  private static final long EXIT_STATUS = 0;

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyProcess_isTheTruth(String build) {
    SimulatedCase guest = SimulatedCase.of(build);
    GroundTruth truth = guest.truth();

    assertThat(
            guest
                .found(ProcessFinding.class)
                .map(
                    p ->
                        row(
                            p.getPid(),
                            p.getParentPid(),
                            p.getImageName(),
                            p.getCreateTime(),
                            p.getExitTime(),
                            p.getExitStatus(),
                            p.getDirectoryTableBase(),
                            p.getObjectVa(),
                            p.getObjectGpa(),
                            p.getThreadCount())))
        .containsExactlyInAnyOrderElementsOf(
            truth.processes().stream()
                .map(
                    p ->
                        row(
                            p.pid(),
                            p.parentPid(),
                            p.imageName(),
                            p.createTime(),
                            p.exitTime() == 0 ? null : p.exitTime(),
                            p.exitTime() == 0 ? null : EXIT_STATUS,
                            p.directoryTableBase(),
                            p.objectVa(),
                            p.objectGpa(),
                            threads(p, truth).stream().filter(ThreadTruth::listed).count()))
                .toList());
  }

  private static String row(
      long pid,
      long parent,
      String name,
      long created,
      Long exited,
      Long status,
      long root,
      long va,
      long gpa,
      long threads) {
    return "%d of %d %s %d-%s status %s root %x at %x %x threads %d"
        .formatted(pid, parent, name, created, exited, status, root, va, gpa, threads);
  }

  /** Of one that has ended these are left as they were, and nothing is promised of them. */
  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyRunningProcess_isTheTruth(String build) {
    SimulatedCase guest = SimulatedCase.of(build);
    GroundTruth truth = guest.truth();
    Map<Integer, TokenTruth> tokens =
        truth.tokens().stream().collect(Collectors.toMap(TokenTruth::pid, Function.identity()));

    assertThat(
            guest
                .found(ProcessFinding.class)
                .filter(p -> p.getExitTime() == null)
                .map(
                    p ->
                        row(
                            p.getPid(),
                            p.getSessionId(),
                            p.getWow64(),
                            Objects.requireNonNullElse(p.getPebVa(), 0L),
                            p.getHandleCount(),
                            p.getUserSid(),
                            p.getIntegrity())))
        .containsExactlyInAnyOrderElementsOf(
            truth.programs().stream()
                .map(
                    p ->
                        row(
                            p.pid(),
                            p.sessionId() < 0 ? null : (long) p.sessionId(),
                            p.wow64(),
                            p.pebVa(),
                            truth.handles().stream().filter(h -> h.pid() == p.pid()).count(),
                            tokens.get(p.pid()).userSid(),
                            tokens.get(p.pid()).integrity()))
                .toList());
  }

  private static String row(
      long pid, Long session, boolean wow64, long peb, long handles, String user, String level) {
    return "%d session %s wow64 %b peb %x handles %d user %s %s"
        .formatted(pid, session, wow64, peb, handles, user, level);
  }

  private static List<ThreadTruth> threads(ProcessTruth process, GroundTruth truth) {
    return truth.threads().stream()
        .filter(thread -> thread.pid() == process.pid())
        .filter(thread -> thread.createTime() >= process.createTime())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void everyView_hasWhatItShould(String build) {
    SimulatedCase guest = SimulatedCase.of(build);
    GroundTruth truth = guest.truth();

    assertThat(guest.found(ProcessFinding.class).map(p -> views(p, p.getSeenBy())))
        .containsExactlyInAnyOrderElementsOf(
            truth.processes().stream().map(p -> views(p, expected(p, truth))).toList());
  }

  private static String views(ProcessFinding process, List<View> views) {
    return process.getImageName() + " " + process.getPid() + " " + EnumSet.copyOf(views);
  }

  private static String views(ProcessTruth process, Set<View> views) {
    return process.imageName() + " " + process.pid() + " " + views;
  }

  private static Set<View> expected(ProcessTruth process, GroundTruth truth) {
    Set<View> views = EnumSet.of(View.poolScan);
    boolean runs = process.exitTime() == 0;
    add(views, View.activeList, process.onActiveList());
    add(views, View.cidTable, !process.freed());
    add(views, View.threadOwners, !threads(process, truth).isEmpty());
    add(views, View.handleTableList, runs);
    add(
        views,
        View.sessionList,
        truth.programs().stream()
            .anyMatch(p -> p.objectVa() == process.objectVa() && p.sessionId() >= 0));
    Set<Integer> csrss =
        truth.processes().stream()
            .filter(p -> p.imageName().equals("csrss.exe"))
            .map(ProcessTruth::pid)
            .collect(Collectors.toSet());
    List<HandleTruth> handles =
        truth.handles().stream().filter(h -> h.objectVa() == process.objectVa()).toList();
    add(views, View.csrssHandles, handles.stream().anyMatch(h -> csrss.contains(h.pid())));
    return views;
  }

  private static void add(Set<View> views, View view, boolean has) {
    if (has) {
      views.add(view);
    }
  }

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void parameters_areTheTruth_orSayWhyNot(String build) {
    SimulatedCase guest = SimulatedCase.of(build);

    assertThat(
            guest
                .found(ProcessFinding.class)
                .filter(p -> p.getExitTime() == null)
                .map(
                    p ->
                        "%d %s (%s) %s (%s) %s (%s) %s (%s)"
                            .formatted(
                                p.getPid(),
                                p.getImageFile(),
                                p.getImageFileStatus(),
                                p.getImagePath(),
                                p.getImagePathStatus(),
                                p.getCommandLine(),
                                p.getCommandLineStatus(),
                                p.getCurrentDirectory(),
                                p.getCurrentDirectoryStatus())))
        .containsExactlyInAnyOrderElementsOf(
            guest.truth().programs().stream()
                .map(
                    p -> {
                      String none = p.pebVa() == 0 ? "no user space" : null;
                      return "%d %s (%s) %s (%s) %s (%s) %s (%s)"
                          .formatted(
                              p.pid(),
                              p.imageFile(),
                              null,
                              p.imagePath(),
                              none,
                              p.commandLine(),
                              none == null ? p.commandLineStatus() : none,
                              p.currentDirectory(),
                              none);
                    })
                .toList());
  }

  @ParameterizedTest
  @MethodSource("io.ramtide.scanner.windows.SimulatedCase#all")
  void environments_areTheTruth(String build) {
    SimulatedCase guest = SimulatedCase.of(build);
    List<ProgramTruth> programs =
        guest.truth().programs().stream().filter(p -> p.pebVa() != 0).toList();

    assertThat(
            guest
                .found(EnvironmentFinding.class)
                .filter(block -> !block.getWow64())
                .map(block -> block.getPid() + " " + text(block) + " " + block.getStatus()))
        .containsExactlyInAnyOrderElementsOf(
            programs.stream()
                .map(p -> p.pid() + " " + text(p.environment()) + " " + null)
                .toList());
    assertThat(
            guest
                .found(EnvironmentFinding.class)
                .filter(EnvironmentFinding::getWow64)
                .map(block -> block.getPid() + " " + text(block) + " " + block.getStatus()))
        .containsExactlyInAnyOrderElementsOf(
            programs.stream()
                .filter(ProgramTruth::wow64)
                .map(p -> p.pid() + " " + text(p.environment()) + " " + null)
                .toList());
    assertThat(guest.coverage(What.environment).getStatus()).isEqualTo(CoverageStatus.complete);
  }

  private static String text(EnvironmentFinding block) {
    return block.getVariables().stream()
        .map((EnvironmentVariable v) -> v.getName() + "=" + v.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static String text(Map<String, String> variables) {
    return variables.entrySet().stream()
        .map(v -> v.getKey() + "=" + v.getValue())
        .collect(Collectors.joining("\n"));
  }
}
