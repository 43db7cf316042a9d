package io.ramtide.scanner.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.MemoryWithCr3s;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.PageTables;
import io.ramtide.scanner.paging.PagingMode;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.kernel.KernelFinder;
import io.ramtide.scanner.windows.scan.GuestScan;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.SystemFinding;
import io.ramtide.testkit.Corruption;
import io.ramtide.testkit.GroundTruth;
import io.ramtide.testkit.ProcessTruth;
import io.ramtide.testkit.SimulatedGuest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No single page is needed: whatever is missing, another way leads to the kernel, and says so. */
class FindingTheKernelTest {
  private static final long RAM = 96L << 20;

  @TempDir Path temp;
  private SimulatedGuest guest;
  private GroundTruth truth;
  private Path file;
  private TestMemory memory;

  @BeforeEach
  void windows10() throws IOException {
    boot(SimulatedGuest.windows10(21).ram(RAM).lowStub(true).boot());
  }

  private void boot(SimulatedGuest booted) throws IOException {
    guest = booted;
    guest.start("cmd.exe", 4);
    take();
  }

  private void take() throws IOException {
    truth = guest.truth();
    file = temp.resolve("guest.raw");
    guest.snapshot().writeRaw(file);
    memory = TestMemory.raw(file);
  }

  @Test
  void wholeGuest_isFoundByASelfReference_andItsDebuggerBlockDecoded() {
    Kernel kernel = kernel(memory);

    assertThat(kernel.foundBy())
        .contains("refers to itself in slot " + truth.selfMapIndex())
        .contains("PE header with RSDS")
        .contains("KDBG decoded");
    for (String name : List.of("PsActiveProcessHead", "PsLoadedModuleList", "PspCidTable")) {
      long symbol = kernel.base() + kernel.symbols().orElseThrow().rva(name).orElseThrow();
      assertThat(kernel.variables()).as(name).containsEntry(name, symbol);
    }
  }

  @Test
  void debuggerBlockInTheClear_namesVariablesOfAKernelWithoutSymbols() throws IOException {
    guest = SimulatedGuest.windows7(22).ram(RAM).boot();
    guest.corrupt(Corruption.unknownPdbGuid());
    take();

    Kernel kernel = kernel(memory);

    assertThat(kernel.symbols()).isEmpty();
    assertThat(kernel.foundBy()).contains("KDBG in the clear");
    assertThat(kernel.symbol("PsActiveProcessHead")).isEqualTo(kernel.activeProcessHead());
    assertThat(kernel.symbol("PsLoadedModuleList")).isPresent();
    assertThat(kernel.symbol("MiState")).isEmpty();
  }

  @Test
  void rootOfSystemMissing_anotherProcessServes() {
    SystemFinding system = found(memory.without(truth.directoryTableBase()));

    assertThat(system.getFoundBy()).contains("refers to itself");
  }

  @Test
  void headerMissing_itsRecordServes() {
    SystemFinding system = found(memory.without(gpa(truth.kernelBaseVa())));

    assertThat(system.getFoundBy()).contains("RSDS and PsActiveProcessHead");
    assertThat(system.getPdbGuid()).isEqualTo(truth.pdbGuid());
  }

  @Test
  void headerAndRecordMissing_theExportDirectoryServes() {
    TestMemory rest = withoutHeaderAndRecord();

    SystemFinding system = found(rest);

    assertThat(system.getFoundBy()).contains("export directory");
    assertThat(system.getPdbGuid()).isNull();
    assertThat(kernel(rest).symbol("PsInitialSystemProcess")).isPresent();
    assertThat(kernel(rest).build()).hasValue(truth.build());
  }

  @Test
  void nothingOfTheImageNamesIt_theSystemProcessServes() throws IOException {
    // A process's header identifies it up to 18362, and the debugger block is in the clear here.
    boot(SimulatedGuest.windows7(23).ram(RAM).boot());
    TestMemory rest = withoutHeaderAndRecord();
    Kernel whole = kernel(memory);
    rest = rest.without(gpa(whole.symbol("KdDebuggerDataBlock").orElseThrow()));
    rest = rest.without(gpa(whole.base() + whole.size() - 0x2000));

    Analysis analysis = new WindowsAnalyzer().analyze(rest);

    assertThat(analysis.status()).isEqualTo(CaptureStatus.DECODED);
    assertThat(analysis.system().orElseThrow().getFoundBy())
        .contains("by the System process; where its image begins is estimated");
    assertThat(analysis.activeList()).isEqualTo(ListStatus.complete);
  }

  @Test
  void firstMegabyteMissing_isNotNeeded() {
    TestMemory rest = memory;
    for (long gpa = 0; gpa < 1 << 20; gpa += PhysicalMemory.FRAME_BYTES) {
      rest = rest.without(gpa);
    }

    found(rest);
  }

  @Test
  void selfReferencesWiped_theLowStubServes() throws IOException {
    wipeSelfReferences();

    SystemFinding system = found(memory);

    assertThat(system.getFoundBy()).contains("in the processors' start-up code");
    assertThat(system.getSelfMapIndex()).isNull();
  }

  @Test
  void selfReferencesAndLowStubWiped_theProcessesServe() throws IOException {
    boot(SimulatedGuest.windows7(24).ram(RAM).lowStub(false).boot());
    wipeSelfReferences();

    assertThat(found(memory).getFoundBy()).contains("the DirectoryTableBase of a process");
  }

  @Test
  void cr3_comesFirst_andIsEnough() throws IOException {
    wipeSelfReferences();
    ProcessTruth process = truth.process(4);

    SystemFinding system =
        found(new MemoryWithCr3s(memory, List.of(process.directoryTableBase() | 2)));

    assertThat(system.getFoundBy())
        .startsWith("root 0x%x: in a processor's CR3".formatted(process.directoryTableBase()));
  }

  @Test
  void cr3OfNothing_doesNoHarm() {
    List<Long> nonsense = List.of(0L, -1L, 0x7fff_ffff_f000L, 0x3000L);

    SystemFinding system = found(new MemoryWithCr3s(memory, nonsense));

    assertThat(system.getFoundBy()).contains("refers to itself", "no CR3 leads to the kernel");
  }

  @Test
  void cr3OfAUserHalf_isUnderstood_andLeadsToTheKernelOfItsProcess() throws IOException {
    boot(SimulatedGuest.windows7(25).ram(RAM).lowStub(false).boot());
    wipeSelfReferences();
    Layout layout = SymbolStore.shipped().layout("win7sp1-4f8");
    ProcessTruth process = truth.process(4);
    long userRoot = RAM - 0x1000;
    // The user half of the tables, and of the kernel half what a system call needs: nothing of it.
    long shadow = RAM - 0x2000;
    write(userRoot + 495 * 8, shadow | 0x63);
    write(
        process.objectGpa() + layout.type("KPROCESS").offset("UserDirectoryTableBase"),
        userRoot | 1);

    SystemFinding system = found(new MemoryWithCr3s(memory, List.of(userRoot | 1)));

    assertThat(system.getFoundBy()).contains("user half (KPTI)");
    assertThat(system.getDirectoryTableBase()).isEqualTo(truth.directoryTableBase());
  }

  @Test
  void dummyRootWithFewEntries_isPassedOver() throws IOException {
    // As some Windows 11 guests have below the true one: refers to itself, and maps next to
    // nothing.
    long dummy = 0x3000;
    write(dummy + 400 * 8, dummy | 0x63);
    write(dummy + 495 * 8, dummy + 0x1000 | 0x63);

    assertThat(found(memory).getDirectoryTableBase()).isEqualTo(truth.directoryTableBase());
  }

  @Test
  void fiveLevels_areFoundByTheirStructure() {
    TinyWindows windows = TinyWindows.known();
    TinyWindows.Placed system = windows.process(4, "System");
    windows.link(system);
    long top = windows.frame();
    int self = 400;
    windows.memory.putLong(top + 511 * 8, windows.root | 0x63);
    windows.memory.putLong(top + 8L * self, top | 0x63);
    for (long frame = 0; frame < top; frame += PhysicalMemory.FRAME_BYTES) {
      long entry = frame + TinyWindows.SELF_MAP * 8;
      if ((windows.memory.readLong(entry) & -PhysicalMemory.FRAME_BYTES) == frame) {
        windows.memory.putLong(entry, 0);
      }
    }
    windows.writeLong(
        system.va() + windows.layout.type("KPROCESS").offset("DirectoryTableBase"), top);

    Analysis analysis = new WindowsAnalyzer().analyze(windows.memory);

    SystemFinding found = analysis.system().orElseThrow();
    assertThat(found.getFoundBy()).contains("x64, 5 levels", "slot " + self);
    assertThat(found.getDirectoryTableBase()).isEqualTo(top);
    assertThat(analysis.activeList()).isEqualTo(ListStatus.complete);
    assertThat(analysis.processes()).hasSize(1);
  }

  private TestMemory withoutHeaderAndRecord() {
    TestMemory rest = memory.without(gpa(truth.kernelBaseVa()));
    AddressSpace space = space();
    byte[] page = new byte[PhysicalMemory.FRAME_BYTES];
    for (long va = truth.kernelBaseVa();
        va < truth.kernelBaseVa() + (64 << 20);
        va += page.length) {
      if (space.read(va, page, 0, page.length).isComplete() && holdsRecord(page)) {
        rest = rest.without(gpa(va));
      }
    }
    return rest;
  }

  private static boolean holdsRecord(byte[] page) {
    return new String(page, java.nio.charset.StandardCharsets.ISO_8859_1).contains("RSDS");
  }

  private void wipeSelfReferences() throws IOException {
    Set<Long> roots =
        truth.processes().stream()
            .map(ProcessTruth::directoryTableBase)
            .collect(Collectors.toSet());
    roots.add(truth.directoryTableBase());
    for (long root : roots) {
      write(root + 8L * truth.selfMapIndex(), 0);
    }
  }

  private void write(long gpa, long value) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
      assertThat(channel.write(bytes, gpa)).isEqualTo(8);
    }
  }

  private SystemFinding found(PhysicalMemory rest) {
    Analysis analysis = new WindowsAnalyzer().analyze(rest);
    assertThat(analysis.status()).as("%s", analysis.detail()).isEqualTo(CaptureStatus.DECODED);
    SystemFinding system = analysis.system().orElseThrow();
    assertThat(system.getKernelBase()).isEqualTo(truth.kernelBaseVa());
    assertThat(system.getBuild()).isEqualTo(truth.build());
    assertThat(analysis.processes().size()).isGreaterThanOrEqualTo(truth.active().size() - 1);
    return system;
  }

  private static Kernel kernel(PhysicalMemory memory) {
    SymbolStore symbols = SymbolStore.shipped();
    GuestScan scan = GuestScan.of(memory, symbols);
    return new KernelFinder(scan, new FrameReader(memory), symbols).find().orElseThrow();
  }

  private AddressSpace space() {
    return new AddressSpace(
        new PageTables(
            PagingMode.X64_4_LEVEL, new FrameReader(memory), truth.directoryTableBase()));
  }

  private long gpa(long va) {
    return space().gpa(va).orElseThrow();
  }
}
