package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.PdbId;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Decoder;
import io.ramtide.scanner.windows.guest.FindingSink;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.Memo;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.kernel.KernelFinder;
import io.ramtide.scanner.windows.process.ProcessFinder;
import io.ramtide.scanner.windows.scan.GuestScan;
import io.ramtide.scanner.windows.scan.ScanHistory;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.SystemFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;

/**
 * Finds Windows in physical memory and decodes it. Of earlier calls it keeps only what makes the
 * next one for a memory fast, never what changes its result. Not thread-safe.
 */
public final class WindowsAnalyzer {
  private final SymbolStore symbols;
  private final ScanHistory history = new ScanHistory();
  private final Memos memos = new Memos();
  private final Decoders decoders;

  /** Decodes with the symbols that ship with the scanner. */
  public WindowsAnalyzer() {
    this(SymbolStore.shipped());
  }

  public WindowsAnalyzer(SymbolStore symbols) {
    this(symbols, List.of());
  }

  /**
   * @param more decoders that run after the scanner's own, where one of their kinds is asked for
   */
  public WindowsAnalyzer(SymbolStore symbols, List<Decoder> more) {
    this.symbols = symbols;
    this.decoders = new Decoders(more);
  }

  /** Analyses a memory for its processes alone. */
  public Analysis analyze(PhysicalMemory memory) {
    return analyze(memory, Set.of(What.processes), finding -> {});
  }

  /**
   * Analyses a memory; hostile or broken content ends in a status, never in an exception.
   *
   * @param wanted kinds of findings
   * @param findings takes the kernel's finding, then those of these kinds as they are made,
   *     processes first
   */
  public Analysis analyze(
      PhysicalMemory memory, Set<What> wanted, Consumer<SpecificRecord> findings) {
    return analyze(memory, FrameSet.ALL, wanted, findings);
  }

  /** Analyses a memory that was analysed before, and changed since, for all of some kinds. */
  public Analysis analyze(
      PhysicalMemory memory,
      FrameSet changed,
      Set<What> wanted,
      Consumer<SpecificRecord> findings) {
    return analyze(memory, changed, Request.of(wanted), findings);
  }

  /**
   * Analyses a memory that was analysed before, and changed since. When what it finds cannot be
   * delivered, this analyzer is to be given up: the next call may build on it.
   *
   * @param changed the frames that changed since this analyzer's last call for the same memory
   */
  public Analysis analyze(
      PhysicalMemory memory, FrameSet changed, Request request, Consumer<SpecificRecord> findings) {
    Memo memo = memos.take(memory.underlying());
    GuestScan scan = history.scan(memory, changed, symbols);
    FrameReader frames = new FrameReader(memory);
    Optional<Kernel> kernel = new KernelFinder(scan, frames, symbols).find();
    if (kernel.isEmpty()) {
      return undecoded(CaptureStatus.NO_WINDOWS, noWindows(scan));
    }
    Optional<LayoutChoice> choice = LayoutChoice.of(kernel.get(), scan, frames, symbols);
    if (choice.isEmpty()) {
      return undecoded(CaptureStatus.UNSUPPORTED_BUILD, unsupported(kernel.get(), symbols));
    }
    Layout layout = choice.get().layout();
    Guest guest = new Guest(kernel.get(), layout, scan, frames, changed, request, memo);
    Analysis analysis = decoded(guest, choice.get(), findings);
    memos.keep(memory.underlying(), memo);
    return analysis;
  }

  private Analysis decoded(Guest guest, LayoutChoice choice, Consumer<SpecificRecord> out) {
    ProcessFinder.Result result = choice.processes().find(guest);
    SystemFinding system = system(guest.kernel(), choice, result);
    out.accept(system);
    List<GuestProcess> processes =
        result.processes().stream().map(process -> new GuestProcess(guest, process)).toList();
    FindingSink sink = new FindingSink(guest.request().kinds(), out);
    result.gaps().forEach(gap -> sink.incomplete(What.processes, gap));
    List<ProcessFinding> findings = decoders.run(guest, processes, sink);
    return new Analysis(
        CaptureStatus.DECODED,
        leftOut(guest.scan(), choice.processes()),
        Optional.of(system),
        findings,
        result.activeList(),
        result.activeListDetail(),
        sink.coverage());
  }

  private static Optional<String> leftOut(GuestScan scan, ProcessFinder processes) {
    List<String> cuts = new ArrayList<>(scan.cuts());
    if (processes.cut() > 0) {
      cuts.add("%d more processes by scan were left out".formatted(processes.cut()));
    }
    return cuts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", cuts));
  }

  private static SystemFinding system(
      Kernel kernel, LayoutChoice choice, ProcessFinder.Result result) {
    return SystemFinding.newBuilder()
        .setBuild(kernel.build().orElse(choice.layout().firstBuild()))
        .setPdbName(kernel.pdb().map(PdbId::name).orElse(null))
        .setPdbGuid(kernel.pdb().map(PdbId::guid).orElse(null))
        .setPdbAge(kernel.pdb().map(PdbId::age).orElse(null))
        .setKernelBase(kernel.base())
        .setDirectoryTableBase(result.systemRoot().orElse(kernel.space().tables().root()))
        .setSelfMapIndex(kernel.selfMapIndex() < 0 ? null : kernel.selfMapIndex())
        .setGuestTime(kernel.guestTime().isPresent() ? kernel.guestTime().getAsLong() : null)
        .setSymbolTable(choice.layout().name())
        .setSymbolMatch(choice.match())
        .setSymbolMatchReason(choice.reason().orElse(null))
        .setFoundBy(kernel.foundBy())
        .build();
  }

  private static String noWindows(GuestScan scan) {
    long bytes = scan.memory().ram().stream().mapToLong(PhysicalRange::length).sum();
    if (!scan.roots().isEmpty()) {
      return "%d page-table roots refer to themselves, but none of them maps a Windows kernel"
          .formatted(scan.roots().size());
    }
    String traces =
        scan.processTraces() == 0
            ? "another operating system, or none yet"
            : "%d places look like Windows processes, so its root may not have been captured"
                .formatted(scan.processTraces());
    return "no x64 Windows page-table root (a frame that refers to itself) in %d MiB of RAM: %s"
        .formatted(bytes >> 20, traces);
  }

  private static String unsupported(Kernel kernel, SymbolStore symbols) {
    String build =
        kernel.build().isPresent()
            ? "build " + kernel.build().getAsInt()
            : "a build that could not be read";
    String pdb =
        kernel
            .pdb()
            .map(found -> "%s %s-%d".formatted(found.name(), found.guid(), found.age()))
            .orElse("of unknown PDB");
    boolean served =
        kernel.build().isPresent() && !symbols.layouts(kernel.build().getAsInt()).isEmpty();
    return "Windows %s, kernel %s at 0x%x: %s%s"
        .formatted(
            build,
            pdb,
            kernel.base(),
            served
                ? "no known layout of this build fits its processes"
                : "no symbol table serves this build, and those of its neighbours do not fit",
            SymbolAdvice.of(kernel));
  }

  private static Analysis undecoded(CaptureStatus status, String detail) {
    return new Analysis(
        status,
        Optional.of(detail),
        Optional.empty(),
        List.of(),
        ListStatus.notWalked,
        Optional.empty(),
        List.of());
  }
}
