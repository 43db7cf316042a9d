package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.SymbolMatch;
import io.ramtide.schemas.SystemFinding;
import io.ramtide.schemas.View;
import io.ramtide.testkit.Corruption;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.NotWindows;
import io.ramtide.testkit.ProcessTruth;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.ram.GuestRam;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every supported layout, on guests whose truth is known. */
class SimulatedGuestsTest {
  private static final long RAM = 96L << 20;

  @TempDir Path temp;

  static Stream<Arguments> guests() {
    return Stream.of(
        Arguments.of("win7sp1-4f8", SymbolMatch.exact, maker(SimulatedGuest::windows7)),
        Arguments.of("win7sp1-4e8", SymbolMatch.approximate, maker(SimulatedGuest::windows7Mid)),
        Arguments.of("win7sp1-4d0", SymbolMatch.approximate, maker(SimulatedGuest::windows7Rtm)),
        Arguments.of("win10-19041-508", SymbolMatch.exact, maker(SimulatedGuest::windows10)));
  }

  private static LongFunction<SimulatedGuest> maker(LongFunction<SimulatedGuest.Builder> release) {
    return seed -> release.apply(seed).ram(RAM).boot();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("guests")
  void livedGuest_isReadAsItIs(String layout, SymbolMatch match, LongFunction<SimulatedGuest> maker)
      throws IOException {
    for (long seed = 1; seed <= 3; seed++) {
      SimulatedGuest guest = maker.apply(seed);
      live(guest);
      Analysis analysis = analyze(guest.snapshot());
      assertThat(analysis.status()).isEqualTo(CaptureStatus.DECODED);
      assertThat(analysis.activeList()).isEqualTo(ListStatus.complete);
      assertSystem(analysis.system().orElseThrow(), guest.truth(), layout, match);
      assertThat(rows(analysis)).isEqualTo(rows(guest.truth()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("guests")
  void brokenActiveList_isSaidSo_andTheScanStillHasAll(
      String layout, SymbolMatch match, LongFunction<SimulatedGuest> maker) throws IOException {
    List<Corruption> corruptions =
        List.of(
            Corruption.activeListLoop(),
            Corruption.activeListIntoUserSpace(),
            Corruption.activeListToUnmappedPage());
    for (Corruption corruption : corruptions) {
      SimulatedGuest guest = maker.apply(4);
      guest.corrupt(corruption);
      Analysis analysis = analyze(guest.snapshot());
      assertThat(analysis.activeList()).isEqualTo(ListStatus.incomplete);
      assertThat(analysis.activeListDetail().orElseThrow()).contains("forwards: entry 0x");
      assertThat(analysis.processes())
          .extracting(ProcessFinding::getObjectGpa)
          .containsAll(guest.truth().processes().stream().map(ProcessTruth::objectGpa).toList());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("guests")
  void garbageDirectoryTableBase_doesNotHideTheProcess(
      String layout, SymbolMatch match, LongFunction<SimulatedGuest> maker) throws IOException {
    SimulatedGuest guest = maker.apply(5);
    int pid = guest.start("evil.exe", 4);
    guest.corrupt(Corruption.garbageDirectoryTableBase(pid));
    assertThat(analyze(guest.snapshot()).processes())
        .extracting(ProcessFinding::getPid)
        .contains((long) pid);
  }

  @Test
  void unknownGuid_isReadApproximately_withTheReason() throws IOException {
    SimulatedGuest guest = SimulatedGuest.windows7(6).ram(RAM).boot();
    guest.corrupt(Corruption.unknownPdbGuid());
    Analysis analysis = analyze(guest.snapshot());
    SystemFinding system = analysis.system().orElseThrow();
    assertThat(system.getSymbolMatch()).isEqualTo(SymbolMatch.approximate);
    assertThat(system.getSymbolMatchReason()).contains(guest.truth().pdbGuid(), "is in no table");
    assertThat(rows(analysis)).isEqualTo(rows(guest.truth()));
  }

  @Test
  void unknownBuild_isUnsupported_andNamesTheGuid() throws IOException {
    SimulatedGuest guest = SimulatedGuest.windows10(7).ram(RAM).boot();
    guest.corrupt(Corruption.unknownBuild(29_999));
    Analysis analysis = analyze(guest.snapshot());
    assertThat(analysis.status()).isEqualTo(CaptureStatus.UNSUPPORTED_BUILD);
    assertThat(analysis.detail().orElseThrow()).contains("29999", guest.truth().pdbGuid());
    assertThat(analysis.processes()).isEmpty();
  }

  @Test
  void linux_isNoWindows() throws IOException {
    Analysis analysis = analyze(NotWindows.linux(8));
    assertThat(analysis.status()).isEqualTo(CaptureStatus.NO_WINDOWS);
    assertThat(analysis.detail()).isPresent();
  }

  /** Programs start and end; one hides, one is a stale object, one is still on the list. */
  private static void live(SimulatedGuest guest) {
    int shell = guest.start("cmd.exe", 4);
    int tool = guest.start("whoami.exe", shell);
    guest.advance(Duration.ofSeconds(2));
    guest.exit(tool);
    guest.free(tool);
    guest.unlink(guest.start("hidden.exe", shell));
    guest.exitStillLinked(guest.start("ended.exe", shell));
    guest.advance(Duration.ofSeconds(2));
  }

  private static void assertSystem(
      SystemFinding system, GroundTruth truth, String layout, SymbolMatch match) {
    assertThat(system.getBuild()).isEqualTo(truth.build());
    assertThat(system.getKernelBase()).isEqualTo(truth.kernelBaseVa());
    assertThat(system.getPdbGuid()).isEqualTo(truth.pdbGuid());
    assertThat(system.getDirectoryTableBase()).isEqualTo(truth.directoryTableBase());
    assertThat(system.getSelfMapIndex()).isEqualTo(truth.selfMapIndex());
    assertThat(system.getGuestTime()).isEqualTo(truth.guestTime());
    assertThat(system.getSymbolTable()).isEqualTo(layout);
    assertThat(system.getSymbolMatch()).isEqualTo(match);
  }

  private Analysis analyze(GuestRam ram) throws IOException {
    Path file = temp.resolve("guest.raw");
    ram.writeRaw(file);
    return new WindowsAnalyzer().analyze(TestMemory.raw(file));
  }

  private static List<String> rows(Analysis analysis) {
    return analysis.processes().stream()
        .map(
            p ->
                row(
                    p.getPid(),
                    p.getParentPid(),
                    p.getImageName(),
                    p.getCreateTime(),
                    Objects.requireNonNullElse(p.getExitTime(), 0L),
                    p.getDirectoryTableBase(),
                    Objects.requireNonNullElse(p.getObjectVa(), 0L),
                    p.getObjectGpa(),
                    p.getSeenBy().contains(View.activeList)))
        .sorted()
        .toList();
  }

  private static List<String> rows(GroundTruth truth) {
    return truth.processes().stream()
        .map(
            p ->
                row(
                    p.pid(),
                    p.parentPid(),
                    p.imageName(),
                    p.createTime(),
                    p.exitTime(),
                    p.directoryTableBase(),
                    p.objectVa(),
                    p.objectGpa(),
                    p.onActiveList()))
        .sorted()
        .toList();
  }

  private static String row(
      long pid,
      long parentPid,
      String name,
      long created,
      long exited,
      long root,
      long va,
      long gpa,
      boolean listed) {
    return "%d of %d %s %d-%d root %x va %x gpa %x listed %b"
        .formatted(pid, parentPid, name, created, exited, root, va, gpa, listed);
  }
}
