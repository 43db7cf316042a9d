package io.ramtide.cli.render.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Output;
import io.ramtide.cli.render.Kinds;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.AvroSafety;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.DispatchEntry;
import io.ramtide.schemas.DriverFinding;
import io.ramtide.schemas.EnvironmentFinding;
import io.ramtide.schemas.EnvironmentVariable;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.HandleFinding;
import io.ramtide.schemas.ModuleFinding;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.ThreadFinding;
import io.ramtide.schemas.VadFinding;
import io.ramtide.schemas.View;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KindListingTest {
  @BeforeAll
  static void trustTheRecords() {
    AvroSafety.apply();
  }

  private final Output output = new Output();
  private final KindListing listing = new KindListing(output.terminal(false));

  private static Coverage coverage(What what, CoverageStatus status, int count, String detail) {
    return new Coverage(what.name(), status, count, detail);
  }

  private static HandleFinding handle(String name) {
    return HandleFinding.newBuilder()
        .setPid(4)
        .setHandle(0x1c)
        .setObjectType("File")
        .setName(name)
        .setGrantedAccess(0x12019f)
        .build();
  }

  @ParameterizedTest
  @EnumSource(What.class)
  void everyKind_hasATable(What what) {
    FindingKind kind = Kinds.singular(what.name());
    assertThat(KindTables.of(kind)).isNotNull();
  }

  @Test
  void handles_areATable_andComplete() {
    listing.add(handle("\\Device\\x"));
    listing.print(List.of(coverage(What.handles, CoverageStatus.complete, 1, null)));
    assertThat(output.lines())
        .containsExactly(
            "handles",
            "PID  HANDLE  TYPE  ACCESS    OBJECT  NAME",
            "  4  0x1c    File  0x12019f  -       \\Device\\x",
            "handles: 1 found, complete",
            "");
  }

  @Test
  void kindsWithoutFindings_sayWhichOfTheThreeAnswersItIs() {
    listing.print(
        List.of(
            coverage(What.mutexes, CoverageStatus.complete, 0, null),
            coverage(What.vads, CoverageStatus.incomplete, 0, "3 trees: paged out"),
            coverage(What.ssdt, CoverageStatus.notSupported, 0, "no symbols"),
            coverage(What.files, CoverageStatus.failed, 0, "the decoder failed")));
    assertThat(output.lines())
        .contains(
            "mutexes: 0 found, complete",
            "vads: 0 found, incomplete: 3 trees: paged out",
            "ssdt: not supported: no symbols",
            "files: 0 found, and then ramtide failed: the decoder failed");
  }

  @Test
  void severalReasons_areALineEach() {
    listing.print(
        List.of(coverage(What.vads, CoverageStatus.incomplete, 2, "PID 4: paged out; PID 8: cut")));
    assertThat(output.lines())
        .contains(
            "vads: 0 of 2 found are shown, incomplete:", "  PID 4: paged out", "  PID 8: cut");
  }

  @Test
  void whatTheFilterHoldsBack_isSaid() {
    listing.add(handle("a"));
    listing.print(List.of(coverage(What.handles, CoverageStatus.complete, 7, null)));
    assertThat(output.out()).contains("handles: 1 of 7 found are shown, complete");
  }

  @Test
  void textThatWasNotRead_showsWhy() {
    listing.add(
        ThreadFinding.newBuilder()
            .setTid(8)
            .setPid(4)
            .setStartAddress(0x1000L)
            .setStartModuleStatus("in no module")
            .setSeenBy(List.of(View.threadList, View.poolScan))
            .build());
    listing.print(List.of(coverage(What.threads, CoverageStatus.complete, 1, null)));
    assertThat(output.lines().get(2)).contains("(in no module)").endsWith("threadList,poolScan");
  }

  @Test
  void environment_isARowAVariable() {
    listing.add(
        EnvironmentFinding.newBuilder()
            .setPid(4)
            .setVariables(
                List.of(new EnvironmentVariable("PATH", "C:\\"), new EnvironmentVariable("A", "")))
            .setStatus("cut: paged out")
            .build());
    listing.print(List.of(coverage(What.environment, CoverageStatus.complete, 1, null)));
    assertThat(output.lines())
        .contains("  4  PATH      C:\\", "  4  A", "  4  -         (cut: paged out)");
  }

  @Test
  void module_namesItsLists_andDriver_whereItsDispatchLeads() {
    listing.add(ModuleFinding.newBuilder().setPid(4).setBaseVa(0x7ff0).setInLoad(true).build());
    listing.add(
        DriverFinding.newBuilder()
            .setName("\\Driver\\a")
            .setModule("a.sys")
            .setDispatch(
                List.of(
                    new DispatchEntry("IRP_MJ_CREATE", 1L, "a.sys", null),
                    new DispatchEntry("IRP_MJ_READ", 2L, null, null),
                    new DispatchEntry("IRP_MJ_WRITE", 3L, "evil.sys", null)))
            .build());
    listing.print(
        List.of(
            coverage(What.modules, CoverageStatus.complete, 1, null),
            coverage(What.drivers, CoverageStatus.complete, 1, null)));
    assertThat(output.out()).contains("0x7ff0     -  load").contains("1 evil.sys, 1 in no module");
  }

  @Test
  void longName_isCutToTheTerminal_butNotElsewhere() {
    String name = "\\Device\\HarddiskVolume1\\" + "x".repeat(200);
    KindListing narrow = new KindListing(output.terminal(false, 80));
    narrow.add(handle(name));
    listing.add(handle(name));
    var complete = List.of(coverage(What.handles, CoverageStatus.complete, 1, null));
    narrow.print(complete);
    assertThat(output.lines()).allMatch(line -> line.length() <= 80);
    assertThat(output.lines().get(2)).endsWith("xxx...");
    listing.print(complete);
    assertThat(output.out()).contains(name);
  }

  @Test
  void hostileText_reachesNoTerminal() {
    listing.add(handle("\u001b[2J\u0007\nfake: 1 found, complete\u202e"));
    listing.print(List.of(coverage(What.handles, CoverageStatus.incomplete, 1, "\u001b[31m")));
    assertThat(output.out().chars().filter(c -> (c < ' ' && c != '\n') || c >= 0x7f)).isEmpty();
    assertThat(output.lines()).hasSize(5);
  }

  @Test
  void moreThanAnyoneReads_isCounted() {
    String name = "x".repeat(1 << 20);
    for (int i = 0; i < 40; i++) {
      listing.add(handle(name));
    }
    listing.print(List.of(coverage(What.handles, CoverageStatus.complete, 40, null)));
    assertThat(output.out()).contains("... and 8 rows more: --format json prints them all");
  }

  @Test
  void wideProcesses_haveTheirCommandLine() {
    listing.add(
        ProcessFinding.newBuilder()
            .setPid(4)
            .setObjectGpa(0x1000)
            .setSeenBy(List.of())
            .setCommandLine("cmd /c x")
            .setImagePathStatus("paged out")
            .build());
    listing.print(List.of(coverage(What.processes, CoverageStatus.complete, 1, null)));
    assertThat(output.lines().get(2)).endsWith("(paged out)  cmd /c x");
  }

  @Test
  void vadHints_areListed() {
    listing.add(
        VadFinding.newBuilder()
            .setPid(4)
            .setStartVa(0x10000)
            .setEndVa(0x1ffff)
            .setHints(List.of("mz", "executablePrivate"))
            .build());
    listing.print(List.of(coverage(What.vads, CoverageStatus.complete, 1, null)));
    assertThat(output.out()).contains("mz,executablePrivate");
  }

  @Test
  void names_areThoseOfTheJson() {
    assertThat(
            Map.of(
                What.symbolicLinks,
                FindingKind.symbolicLink,
                What.ssdt,
                FindingKind.ssdt,
                What.mutexes,
                FindingKind.mutex,
                What.environment,
                FindingKind.environment))
        .allSatisfy((what, kind) -> assertThat(Kinds.singular(what.name())).isEqualTo(kind));
  }
}
