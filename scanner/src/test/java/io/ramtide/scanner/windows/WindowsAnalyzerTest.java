package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.symbols.KernelSymbols;
import io.ramtide.scanner.symbols.PdbId;
import io.ramtide.scanner.symbols.SymbolData;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.symbols.isf.SymbolImport;
import io.ramtide.scanner.windows.TinyWindows.Placed;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.SymbolMatch;
import io.ramtide.schemas.SystemFinding;
import io.ramtide.schemas.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowsAnalyzerTest {
  private static final PdbId UNKNOWN =
      new PdbId("ntkrnlmp.pdb", "00112233445566778899AABBCCDDEEFF", 1);

  @Test
  void linkedProcesses_areSeenByListAndPoolScan() {
    TinyWindows windows = TinyWindows.known();
    Placed system = windows.process(4, "System");
    Placed shell = windows.process(8, "cmd.exe");
    windows.link(system, shell);

    Analysis analysis = analyze(windows.memory);

    assertThat(analysis.status()).isEqualTo(CaptureStatus.DECODED);
    assertThat(analysis.activeList()).isEqualTo(ListStatus.complete);
    assertThat(analysis.processes()).hasSize(2);
    ProcessFinding found = analysis.processes().get(1);
    assertThat(found.getImageName()).isEqualTo("cmd.exe");
    assertThat(found.getParentPid()).isEqualTo(4);
    assertThat(found.getObjectVa()).isEqualTo(shell.va());
    assertThat(found.getObjectGpa()).isEqualTo(shell.gpa());
    assertThat(found.getDirectoryTableBase()).isEqualTo(shell.root());
    assertThat(found.getExitTime()).isNull();
    assertThat(found.getSeenBy()).containsExactly(View.activeList, View.poolScan);
  }

  @Test
  void kernel_isDescribedFromItsOwnMemory() {
    TinyWindows windows = TinyWindows.known();

    SystemFinding system = analyze(windows.memory).system().orElseThrow();

    assertThat(system.getBuild()).isEqualTo(19041);
    assertThat(system.getKernelBase()).isEqualTo(TinyWindows.BASE);
    assertThat(system.getPdbGuid()).isEqualTo(TinyWindows.KNOWN_19041.guid());
    assertThat(system.getSelfMapIndex()).isEqualTo(TinyWindows.SELF_MAP);
    assertThat(system.getDirectoryTableBase()).isEqualTo(windows.root);
    assertThat(system.getGuestTime()).isEqualTo(TinyWindows.TIME);
    assertThat(system.getSymbolMatch()).isEqualTo(SymbolMatch.exact);
    assertThat(system.getFoundBy()).contains("slot 393");
  }

  @Test
  void kernelWithoutItsHeaderPage_isFoundByItsRecordAndSymbols() {
    TinyWindows windows = TinyWindows.known();
    windows.link(windows.process(4, "System"));

    Analysis analysis = analyze(windows.memory.without(windows.gpa(TinyWindows.BASE)));

    SystemFinding system = analysis.system().orElseThrow();
    assertThat(system.getKernelBase()).isEqualTo(TinyWindows.BASE);
    assertThat(system.getFoundBy()).contains("RSDS and PsActiveProcessHead");
    assertThat(analysis.activeList()).isEqualTo(ListStatus.complete);
  }

  @Test
  void kernelWithoutItsRecordPage_isFoundByItsDebuggerBlock() {
    TinyWindows windows = TinyWindows.known();
    windows.link(windows.process(4, "System"), windows.process(8, "cmd.exe"));
    long block = windows.frame() + 0x130;
    windows.memory.putLong(block + 0x10, 0x380_4742_444bL);
    windows.memory.putLong(block + 0x18, TinyWindows.BASE);
    windows.memory.putLong(block + 0x50, windows.head);

    Analysis analysis = analyze(windows.memory.without(windows.gpa(TinyWindows.BASE + 0x1000)));

    SystemFinding system = analysis.system().orElseThrow();
    assertThat(system.getKernelBase()).isEqualTo(TinyWindows.BASE);
    assertThat(system.getPdbGuid()).isNull();
    assertThat(system.getFoundBy()).contains("PE header and KDBG");
    assertThat(system.getSymbolMatch()).isEqualTo(SymbolMatch.approximate);
    assertThat(analysis.activeList()).isEqualTo(ListStatus.complete);
    assertThat(analysis.processes()).hasSize(2);
  }

  @Test
  void unlinkedProcess_isSeenByPoolScanOnly() {
    TinyWindows windows = TinyWindows.known();
    windows.link(windows.process(4, "System"));
    windows.process(8, "hidden.exe");

    assertThat(views(analyze(windows.memory), 8)).containsExactly(View.poolScan);
  }

  @Test
  void processWithTamperedTag_isSeenByHeaderScan() {
    TinyWindows windows = TinyWindows.known();
    windows.link(windows.process(4, "System"));
    Placed hidden = windows.process(8, "hidden.exe");
    windows.memory.putLong(hidden.poolHeaderGpa(), 0);

    assertThat(views(analyze(windows.memory), 8)).containsExactly(View.headerScan);
  }

  @Test
  void processWithTamperedNameAndTimes_isStillSeen() {
    TinyWindows windows = TinyWindows.known();
    windows.link(windows.process(4, "System"));
    Placed hidden = windows.process(8, "\u001b[2J\u00ff");
    windows.writeLong(
        hidden.va() + windows.layout.type("EPROCESS").offset("CreateTime"), Long.MIN_VALUE);

    Analysis analysis = analyze(windows.memory);

    assertThat(views(analysis, 8)).containsExactly(View.poolScan);
    assertThat(analysis.processes().get(1).getImageName()).isEqualTo("\\x1b[2J\\xff");
  }

  @Test
  void processAcrossPages_isReadThroughThePageTables() {
    TinyWindows windows = TinyWindows.known();
    windows.link(windows.process(4, "System"));
    windows.process(8, "across.exe", 0xe00);
    windows.process(12, "split.exe", 0xfd0);

    Analysis analysis = analyze(windows.memory);

    assertThat(analysis.processes().stream().map(ProcessFinding::getImageName))
        .containsExactly("System", "across.exe", "split.exe");
    assertThat(views(analysis, 8)).containsExactly(View.poolScan);
    assertThat(views(analysis, 12)).containsExactly(View.poolScan);
  }

  @Test
  void processThatLiesAboutItsAddress_isFoundByReverseMapping() {
    TinyWindows windows = TinyWindows.known();
    windows.link(windows.process(4, "System"));
    Placed hidden = windows.process(8, "hidden.exe", 0xe00);
    long profile = hidden.va() + windows.layout.type("KPROCESS").offset("ProfileListHead");
    windows.writeLong(profile, TinyWindows.BASE);

    ProcessFinding found = analyze(windows.memory).processes().get(1);

    assertThat(found.getObjectVa()).isEqualTo(hidden.va());
    assertThat(found.getImageName()).isEqualTo("hidden.exe");
  }

  @Test
  void copyOfAProcess_isNoProcess() {
    TinyWindows windows = TinyWindows.known();
    Placed shell = windows.process(8, "cmd.exe");
    windows.link(windows.process(4, "System"), shell);
    long copy = windows.frame();
    for (int i = 0; i < PhysicalMemory.FRAME_BYTES; i += 8) {
      long from = (shell.gpa() & -PhysicalMemory.FRAME_BYTES) + i;
      windows.memory.putLong(copy + i, windows.memory.readLong(from));
    }

    assertThat(analyze(windows.memory).processes()).hasSize(2);
  }

  @Test
  void garbageRoot_isNoProcess() {
    TinyWindows windows = TinyWindows.known();
    windows.link(windows.process(4, "System"));
    Placed fake = windows.process(8, "fake.exe");
    windows.writeLong(
        fake.va() + windows.layout.type("KPROCESS").offset("DirectoryTableBase"), 1L << 45);

    assertThat(analyze(windows.memory).processes()).hasSize(1);
  }

  @Test
  void unknownGuid_isDecodedApproximatelyAroundSystem() {
    TinyWindows windows = new TinyWindows("win10-19041", UNKNOWN, 19042);
    windows.link(windows.process(4, "System"), windows.process(8, "cmd.exe"));

    Analysis analysis = analyze(windows.memory);

    SystemFinding system = analysis.system().orElseThrow();
    assertThat(system.getSymbolMatch()).isEqualTo(SymbolMatch.approximate);
    assertThat(system.getSymbolTable()).isEqualTo("win10-19041");
    assertThat(system.getSymbolMatchReason())
        .contains(UNKNOWN.guid())
        .contains("build 19042")
        .contains("2 processes pass");
    assertThat(analysis.activeList()).isEqualTo(ListStatus.complete);
    assertThat(views(analysis, 8)).containsExactly(View.activeList, View.poolScan);
  }

  @Test
  void importedKernel_isDecodedExactly(@TempDir Path folder) throws IOException {
    SymbolData imported = new SymbolData();
    imported.add(new KernelSymbols(UNKNOWN.guid(), 1, "10.0.19041.1", "win10-19041", Map.of()));
    imported.write(folder, SymbolImport.selfContained(folder).selection(), List.of());
    TinyWindows windows = new TinyWindows("win10-19041", UNKNOWN, 19042);
    windows.link(windows.process(4, "System"), windows.process(8, "cmd.exe"));

    SystemFinding system =
        new WindowsAnalyzer(SymbolStore.with(folder))
            .analyze(windows.memory)
            .system()
            .orElseThrow();

    assertThat(system.getSymbolMatch()).isEqualTo(SymbolMatch.exact);
    assertThat(system.getSymbolTable()).isEqualTo("win10-19041");
  }

  @Test
  void layoutsThatDifferInSizeOnly_areToldApartByThePoolBlock() {
    for (String layout : List.of("win10-17763", "win10-17763-2928")) {
      TinyWindows windows = new TinyWindows(layout, UNKNOWN, 17763);
      windows.link(windows.process(4, "System"), windows.process(8, "cmd.exe"));

      SystemFinding system = analyze(windows.memory).system().orElseThrow();

      assertThat(system.getSymbolTable()).isEqualTo(layout);
    }
  }

  @Test
  void unknownBuild_isUnsupportedAndSaysWhich() {
    TinyWindows windows = new TinyWindows("win10-19041", UNKNOWN, 30000);
    windows.link(windows.process(4, "System"));

    Analysis analysis = analyze(windows.memory);

    assertThat(analysis.status()).isEqualTo(CaptureStatus.UNSUPPORTED_BUILD);
    assertThat(analysis.detail().orElseThrow())
        .contains("30000")
        .contains("ramtide symbols import ntkrnlmp.pdb/00112233445566778899AABBCCDDEEFF-1.json.xz");
  }

  @Test
  void buildWhoseLayoutDoesNotFit_isUnsupported() {
    TinyWindows windows = new TinyWindows("win10-19041", UNKNOWN, 17763);
    windows.link(windows.process(4, "System"));

    Analysis analysis = analyze(windows.memory);

    assertThat(analysis.status()).isEqualTo(CaptureStatus.UNSUPPORTED_BUILD);
    assertThat(analysis.detail().orElseThrow()).contains("17763").contains("no known layout");
  }

  @Test
  void emptyRam_isNoWindows() {
    Analysis analysis = analyze(TestMemory.ofSize(1 << 20));

    assertThat(analysis.status()).isEqualTo(CaptureStatus.NO_WINDOWS);
    assertThat(analysis.detail().orElseThrow()).contains("no x64 Windows page-table root");
  }

  @Test
  void rootWithoutKernelImage_isNoWindows() {
    TinyWindows windows = TinyWindows.known();
    windows.writeLong(TinyWindows.BASE, 0);
    windows.writeLong(TinyWindows.BASE + 0x1500, 0);

    Analysis analysis = analyze(windows.memory);

    assertThat(analysis.status()).isEqualTo(CaptureStatus.NO_WINDOWS);
    assertThat(analysis.detail().orElseThrow()).contains("none of them maps a Windows kernel");
  }

  private static Analysis analyze(PhysicalMemory memory) {
    return new WindowsAnalyzer().analyze(memory);
  }

  private static List<View> views(Analysis analysis, long pid) {
    return analysis.processes().stream()
        .filter(process -> process.getPid() == pid)
        .findFirst()
        .orElseThrow()
        .getSeenBy();
  }
}
