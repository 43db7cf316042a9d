package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.windows.TinyWindows.Placed;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.ThreadFinding;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads by every view, and what a hostile guest makes of them. */
@Timeout(60)
class ThreadsTest {
  private final TinyWindows windows = TinyWindows.known();
  private final TinyProcesses objects = new TinyProcesses(windows);
  private final Placed system = objects.process(4, "System");
  private final Placed shell = objects.process(800, "cmd.exe");

  ThreadsTest() {
    windows.link(system, shell);
  }

  @Test
  void waitingThread_isSeenByEveryView() {
    long first = objects.thread(shell, 804);
    long second = objects.thread(shell, 808);
    objects.variable("PspCidTable", objects.handleTable(0, first, second));

    ThreadFinding thread = threads().get(0);

    assertThat(threads()).hasSize(2);
    assertThat(thread.getTid()).isEqualTo(804);
    assertThat(thread.getPid()).isEqualTo(800);
    assertThat(thread.getProcessVa()).isEqualTo(shell.va());
    assertThat(thread.getObjectVa()).isEqualTo(first);
    assertThat(thread.getObjectGpa()).isEqualTo(windows.gpa(first));
    assertThat(thread.getStartAddress()).isEqualTo(TinyWindows.BASE + 0x1234);
    assertThat(thread.getStartModule()).isEqualTo("ntoskrnl.exe");
    assertThat(thread.getCreateTime()).isEqualTo(TinyWindows.TIME - 1_000);
    assertThat(thread.getExitTime()).isNull();
    assertThat(thread.getState()).isEqualTo("waiting");
    assertThat(thread.getWaitReason()).isEqualTo("WrQueue");
    assertThat(thread.getSeenBy())
        .containsExactly(View.poolScan, View.cidTable, View.threadList, View.schedulerList);
    assertThat(process(800).getThreadCount()).isEqualTo(2);
  }

  @Test
  void endedThread_isFoundByScan_withItsExitTime() {
    objects.end(objects.looseThread(shell.va(), 800, 804));

    ThreadFinding thread = threads().get(0);

    assertThat(thread.getExitTime()).isEqualTo(TinyWindows.TIME);
    assertThat(thread.getState()).isEqualTo("terminated");
    assertThat(thread.getWaitReason()).isNull();
    assertThat(thread.getSeenBy()).containsExactly(View.poolScan);
    assertThat(process(800).getThreadCount()).isZero();
  }

  @Test
  void threadWithTamperedTag_isSeenByItsHeader() {
    long thread = objects.looseThread(shell.va(), 800, 804);
    windows.writeLong(thread - 0x60, 0);

    assertThat(threads().get(0).getSeenBy()).containsExactly(View.headerScan);
  }

  @Test
  void threadThatSomebodyWaitsFor_isFoundByTag() {
    long thread = objects.thread(shell, 804);
    long waiter = objects.pages(1);
    objects.emptyList(waiter);
    objects.append(thread + objects.at("DISPATCHER_HEADER", "WaitListHead"), waiter);

    assertThat(threads().get(0).getSeenBy())
        .containsExactly(View.poolScan, View.threadList, View.schedulerList);
  }

  @Test
  void win32StartAddress_goesBeforeStartAddress_andIsTheProcesssOwn() {
    long thread = objects.thread(shell, 804);
    objects.set(thread, "ETHREAD", "Win32StartAddress", 0x7ff6_1234_5678L);

    ThreadFinding found = threads().get(0);

    assertThat(found.getStartAddress()).isEqualTo(0x7ff6_1234_5678L);
    assertThat(found.getStartModule()).isNull();
    assertThat(found.getStartModuleStatus()).isNotNull();
  }

  @Test
  void kernelThreadOutsideOfEveryModule_isSaidToBeInNone() {
    long thread = objects.thread(system, 8);
    long code = objects.pages(1);
    objects.set(thread, "ETHREAD", "StartAddress", code);

    assertThat(threads().get(0).getStartModule()).isNull();
    assertThat(threads().get(0).getStartModuleStatus())
        .isIn("in no module", "module list incomplete");
  }

  @Test
  void tagsAndHeadersOfNothing_areNoThreads() {
    long thread = objects.looseThread(shell.va(), 800, 804);
    objects.set(thread, "KTHREAD", "Process", 0x7ff6_0000_1000L);
    long other = objects.looseThread(shell.va(), 800, 804);
    objects.set(other, "ETHREAD", "Cid", 801);
    long copy = objects.looseThread(shell.va(), 800, 804);
    long own = copy + objects.at("DISPATCHER_HEADER", "WaitListHead") + 0x100000;
    windows.writeLong(copy + objects.at("DISPATCHER_HEADER", "WaitListHead"), own);

    assertThat(threads()).extracting(ThreadFinding::getObjectVa).containsExactly(copy);
  }

  @Test
  void cyclicThreadList_isBoundedAndSaidSo() {
    long first = objects.thread(shell, 804);
    long second = objects.thread(shell, 808);
    long link = objects.at("ETHREAD", "ThreadListEntry");
    windows.writeLong(second + link, first + link);
    windows.writeLong(first + link + 8, second + link);

    assertThat(threads()).hasSize(2);
    assertThat(coverage()).contains("PID 800: thread list").contains("leads back to");
  }

  @Test
  void threadListIntoUserSpace_isSaidSo_andTheScanStillHasTheThread() {
    long first = objects.thread(shell, 804);
    long head = shell.va() + objects.at("EPROCESS", "ThreadListHead");
    windows.writeLong(head, 0x7ff6_0000_1000L);
    windows.writeLong(head + 8, 0x7ff6_0000_1000L);

    assertThat(threads()).extracting(ThreadFinding::getObjectVa).containsExactly(first);
    assertThat(coverage()).contains("leads to 0x7ff600001000");
  }

  @Test
  void threadListOfAMillionEntries_isCutAndSaidSo() {
    long entries = 1 << 19;
    long list = objects.pages((int) (entries * 16 / PhysicalMemory.FRAME_BYTES));
    long head = shell.va() + objects.at("EPROCESS", "ThreadListHead");
    windows.writeLong(head, list);
    for (long i = 0; i < entries; i++) {
      windows.writeLong(list + i * 16, list + (i + 1) * 16);
    }

    assertThat(coverage()).contains("more than 262144 entries").contains("is no thread");
    assertThat(process(800).getThreadCount()).isNull();
  }

  @Test
  void everyProcessWithTheSameLongList_costsNoMoreThanOne() {
    int entries = 1 << 17;
    long list = objects.pages(entries * 16 / PhysicalMemory.FRAME_BYTES);
    for (long i = 0; i < entries; i++) {
      windows.writeLong(list + i * 16, list + (i + 1) % entries * 16);
    }
    for (int pid = 1000; pid < 1400; pid += 4) {
      Placed process = objects.process(pid, "many.exe");
      windows.writeLong(process.va() + objects.at("EPROCESS", "ThreadListHead"), list);
    }

    assertThat(coverage()).contains("left out, as 262144 entries were walked");
  }

  @Test
  void countsOfAllOnes_areReportedAsTheyAre_andNotTrusted() {
    objects.thread(shell, 804);
    objects.set(shell.va(), "EPROCESS", "ActiveThreads", -1);

    assertThat(process(800).getActiveThreads()).isEqualTo(0xffff_ffffL);
    assertThat(process(800).getThreadCount()).isEqualTo(1);
  }

  @Test
  void threadTagsInEverySlot_areBounded() {
    objects.thread(shell, 804);
    for (long gpa = 30 << 20; gpa < 32 << 20; gpa += 16) {
      windows.memory.putLong(gpa, 0x6572_6854_0000_0006L);
      windows.memory.putLong(gpa + 8, shell.va());
    }

    assertThat(threads()).extracting(ThreadFinding::getTid).contains(804L);
  }

  @Test
  void threadAcrossPages_isReadThroughThePageTables() {
    long across = objects.looseThread(shell.va(), 800, 804, 0xa00);
    long split = objects.looseThread(shell.va(), 800, 808, 0xfd0);

    assertThat(threads())
        .extracting(ThreadFinding::getObjectVa, ThreadFinding::getSeenBy)
        .containsExactly(
            tuple(across, List.of(View.poolScan)), tuple(split, List.of(View.poolScan)));
  }

  @Test
  void threadWhoseSecondPageIsMissing_isReadAsFarAsItGoes() {
    long across = objects.looseThread(shell.va(), 800, 804, 0xb00);
    PhysicalMemory cut = windows.memory.without(windows.gpa(across + 0x800));

    assertThat(threads(cut)).hasSize(1);
    assertThat(threads(cut).get(0).getTid()).isEqualTo(804);
    assertThat(threads(cut).get(0).getStartAddress()).isNull();
    assertThat(threads(cut).get(0).getStartModuleStatus()).isEqualTo("not captured");
  }

  private List<SpecificRecord> findings(PhysicalMemory memory) {
    List<SpecificRecord> findings = new ArrayList<>();
    new WindowsAnalyzer().analyze(memory, Set.of(What.processes, What.threads), findings::add);
    return findings;
  }

  private List<ThreadFinding> threads(PhysicalMemory memory) {
    return findings(memory).stream()
        .filter(ThreadFinding.class::isInstance)
        .map(ThreadFinding.class::cast)
        .toList();
  }

  private List<ThreadFinding> threads() {
    return threads(windows.memory);
  }

  private ProcessFinding process(long pid) {
    return findings(windows.memory).stream()
        .filter(ProcessFinding.class::isInstance)
        .map(ProcessFinding.class::cast)
        .filter(process -> process.getPid() == pid)
        .findFirst()
        .orElseThrow();
  }

  private String coverage() {
    Analysis analysis =
        new WindowsAnalyzer().analyze(windows.memory, Set.of(What.threads), finding -> {});
    assertThat(analysis.coverage().get(0).getStatus()).isEqualTo(CoverageStatus.incomplete);
    return analysis.coverage().get(0).getDetail();
  }
}
