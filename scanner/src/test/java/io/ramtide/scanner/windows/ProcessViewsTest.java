package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.symbols.PdbId;
import io.ramtide.scanner.windows.TinyWindows.Placed;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.View;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes by what refers to them: what each view has, and what a hostile guest makes of it. */
@Timeout(60)
class ProcessViewsTest {
  private final TinyWindows windows = TinyWindows.known();
  private final TinyProcesses objects = new TinyProcesses(windows);
  private final Placed system = objects.process(4, "System");
  private final Placed csrss = objects.process(400, "csrss.exe");
  private final Placed shell = objects.process(800, "cmd.exe");
  private final Placed hidden = objects.process(900, "hidden.exe");

  ProcessViewsTest() {
    windows.link(system, csrss, shell);
    objects.hideFromScans(hidden);
  }

  @Test
  void processThatNothingRefersTo_isNotFound() {
    assertThat(pids()).containsExactly(4L, 400L, 800L);
  }

  @Test
  void threadOwner_isFound() {
    objects.thread(hidden, 904);

    assertThat(views(900)).containsExactly(View.threadOwners);
    assertThat(find(900).getObjectVa()).isEqualTo(hidden.va());
    assertThat(find(900).getThreadCount()).isEqualTo(1);
  }

  @Test
  void processOfAnEndedThreadOnly_isFound() {
    objects.end(objects.looseThread(hidden.va(), 900, 904));

    assertThat(views(900)).containsExactly(View.threadOwners);
  }

  @Test
  void endedThreadOfAnEarlierProcessAtTheSameAddress_isNoOwnerOfTheNewOne() {
    objects.end(objects.looseThread(shell.va(), 700, 704));

    assertThat(views(800)).containsExactly(View.activeList, View.poolScan);
  }

  @Test
  void threadsThatNameNoProcess_inventNone() {
    objects.looseThread(0x7ff6_0000_1000L, 900, 904);
    objects.looseThread(TinyWindows.BASE, 900, 908);
    objects.looseThread(objects.pages(1), 900, 912);
    long forged = objects.pages(1);
    windows.writeLong(forged, 3);
    objects.looseThread(forged, 900, 916);

    assertThat(pids()).containsExactly(4L, 400L, 800L);
  }

  @Test
  void clientIds_areFound_andTheTableThatHasAllIsComplete() {
    cidTable(system.va(), csrss.va(), shell.va(), hidden.va());

    assertThat(views(900)).containsExactly(View.cidTable);
    assertThat(views(4)).containsExactly(View.activeList, View.poolScan, View.cidTable);
    assertThat(coverage()).doesNotContain("cidTable");
  }

  @Test
  void clientIdsOfGarbage_inventNoProcess() {
    long forged = objects.pages(1);
    windows.writeLong(forged, 3);
    cidTable(0x7ff6_0000_1000L, TinyWindows.BASE, forged, hidden.va() + 0x10, hidden.va());

    assertThat(pids()).containsExactly(4L, 400L, 800L, 900L);
  }

  @Test
  void clientIdTableThatCannotBeRead_isSaidSo() {
    objects.variable("PspCidTable", TinyWindows.BASE + 0x800000);

    assertThat(coverage()).contains("cidTable: ");
    assertThat(pids()).containsExactly(4L, 400L, 800L);
  }

  @Test
  void handlesOfCsrss_areFound_butThoseOfOthersAreNot() {
    long table = objects.handleTable(csrss.va(), hidden.va() - 0x30, shell.va() - 0x30);
    objects.set(csrss.va(), "EPROCESS", "ObjectTable", table);
    ring(table);

    assertThat(views(900)).containsExactly(View.csrssHandles);
    assertThat(views(800)).containsExactly(View.activeList, View.poolScan, View.csrssHandles);

    objects.set(csrss.va(), "EPROCESS", "ObjectTable", 0);
    objects.set(shell.va(), "EPROCESS", "ObjectTable", table);

    assertThat(pids()).containsExactly(4L, 400L, 800L);
    assertThat(coverage()).contains("csrssHandles: no csrss.exe with a handle table was found");
  }

  @Test
  void ownersOfHandleTables_areFound() {
    ring(objects.handleTable(hidden.va()), objects.handleTable(shell.va()));

    assertThat(views(900)).containsExactly(View.handleTableList);
    assertThat(views(800)).containsExactly(View.activeList, View.poolScan, View.handleTableList);
  }

  @Test
  void sessionsProcesses_areFound() {
    objects.session(1, csrss, shell, hidden);

    assertThat(views(900)).containsExactly(View.sessionList);
    assertThat(find(800).getSessionId()).isEqualTo(1);
    assertThat(find(4).getSessionId()).isNull();
  }

  @Test
  void sessionListInACircle_isBoundedAndSaidSo() {
    objects.session(1, csrss, shell, hidden);
    long links = objects.at("EPROCESS", "SessionProcessLinks");
    windows.writeLong(shell.va() + links, csrss.va() + links);

    assertThat(views(900)).containsExactly(View.sessionList);
    assertThat(coverage()).contains("sessionList: session at 0x");
  }

  @Test
  void hiddenProcess_leadsToThoseOfItsSession() {
    Placed other = objects.process(1000, "other.exe");
    objects.hideFromScans(other);
    objects.session(2, hidden, other);
    objects.thread(hidden, 904);

    assertThat(views(1000)).containsExactly(View.sessionList);
    assertThat(views(900)).containsExactly(View.threadOwners, View.sessionList);
  }

  @Test
  void reusedPid_isTwoProcesses() {
    Placed old = objects.process(800, "old.exe");
    objects.set(old.va(), "EPROCESS", "ExitTime", TinyWindows.TIME);
    objects.set(old.va(), "EPROCESS", "ExitStatus", 0xc000_0005L);

    List<ProcessFinding> both =
        processes().stream().filter(process -> process.getPid() == 800).toList();

    assertThat(both)
        .extracting(ProcessFinding::getImageName)
        .containsExactlyInAnyOrder("cmd.exe", "old.exe");
    assertThat(find("old.exe").getExitStatus()).isEqualTo(0xc000_0005L);
    assertThat(find("cmd.exe").getExitStatus()).isNull();
  }

  @Test
  void unknownKernel_saysWhichViewsItDoesNotHave() {
    PdbId unknown = new PdbId("ntkrnlmp.pdb", "00112233445566778899AABBCCDDEEFF", 1);
    TinyWindows other = new TinyWindows("win10-19041", unknown, 19041);
    other.link(other.process(4, "System"));

    Analysis analysis = new WindowsAnalyzer().analyze(other.memory);

    assertThat(analysis.coverage().get(0).getStatus()).isEqualTo(CoverageStatus.incomplete);
    assertThat(analysis.coverage().get(0).getDetail())
        .contains("cidTable: nothing names PspCidTable")
        .contains("handleTableList: nothing names HandleTableListHead");
  }

  private void cidTable(long... pointers) {
    objects.variable("PspCidTable", objects.handleTable(0, pointers));
  }

  private void ring(long... tables) {
    long head = objects.symbol("HandleTableListHead");
    objects.emptyList(head);
    for (long table : tables) {
      objects.append(head, table + objects.at("HANDLE_TABLE", "HandleTableList"));
    }
  }

  private List<ProcessFinding> processes() {
    return new WindowsAnalyzer().analyze(windows.memory).processes();
  }

  private List<Long> pids() {
    return processes().stream().map(ProcessFinding::getPid).toList();
  }

  private ProcessFinding find(long pid) {
    return processes().stream()
        .filter(process -> process.getPid() == pid)
        .findFirst()
        .orElseThrow();
  }

  private ProcessFinding find(String name) {
    return processes().stream()
        .filter(process -> process.getImageName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private List<View> views(long pid) {
    return find(pid).getSeenBy();
  }

  private String coverage() {
    Analysis analysis =
        new WindowsAnalyzer().analyze(windows.memory, Set.of(What.processes), finding -> {});
    String detail = analysis.coverage().get(0).getDetail();
    return detail == null ? "" : detail;
  }
}
