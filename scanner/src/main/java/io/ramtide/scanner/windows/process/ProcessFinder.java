package io.ramtide.scanner.windows.process;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalRange;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.scan.GuestScan;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Finds the processes of a guest by every view, and makes one finding of each. */
public final class ProcessFinder {
  /** A check of {@link #fits()}: tells layouts apart that differ in their size only. */
  public static final String EXACT_BLOCK = ProcessScan.EXACT_BLOCK;

  private static final long IDLE_PID = 0;
  private static final long SYSTEM_PID = 4;

  private final Kernel kernel;
  private final ProcessRules.Guest guest;
  private final Map<Long, ProcessScan.Found> scanned;
  private final long cut;

  /** Scans with a layout that may turn out not to fit: {@link #fits()} says. */
  public ProcessFinder(Layout layout, Kernel kernel, GuestScan scan, FrameReader frames) {
    this.kernel = kernel;
    ProcessReader reader = new ProcessReader(ProcessLayout.of(layout), kernel.space(), frames);
    long ramEnd = scan.memory().ram().stream().mapToLong(PhysicalRange::end).max().orElse(0);
    this.guest = new ProcessRules.Guest(kernel, frames, reader, ramEnd);
    ProcessScan.Result result = ProcessScan.run(layout, scan, guest);
    this.scanned = result.found();
    this.cut = result.cut();
  }

  /**
   * How well the layout fits.
   *
   * @param processes that pass the rules
   * @param checks passed by them, in sum
   * @param names of the checks that at least one passes
   */
  public record Fit(int processes, int checks, Set<String> names) {}

  /** How well the layout fits what the scan found. */
  public Fit fits() {
    Set<String> names = new LinkedHashSet<>();
    int checks = 0;
    for (ProcessScan.Found found : scanned.values()) {
      names.addAll(found.passed());
      checks += found.passed().size();
    }
    return new Fit(scanned.size(), checks, names);
  }

  /** VAs of processes that the scan found, of at most so many. */
  public List<Long> addresses(int most) {
    return scanned.values().stream()
        .map(found -> found.process().va())
        .filter(OptionalLong::isPresent)
        .map(OptionalLong::getAsLong)
        .limit(most)
        .toList();
  }

  /** How many processes of the scan were left out, because there were too many. */
  public long cut() {
    return cut;
  }

  /**
   * What was found.
   *
   * @param processes by PID, then by GPA
   * @param activeListDetail where and why its walk stopped, when not complete
   * @param systemRoot GPA of the System process's page-table root
   * @param gaps views that may not have all they should, and why
   */
  public record Result(
      List<ProcessFinding.Builder> processes,
      ListStatus activeList,
      Optional<String> activeListDetail,
      OptionalLong systemRoot,
      List<String> gaps) {}

  /** Walks the active list, and joins it with the scan and with what refers to processes. */
  public Result find(Guest windows) {
    ActiveList list = ActiveListWalk.walk(kernel, guest.reader(), systemVa());
    ProcessJoin join = new ProcessJoin(guest);
    list.processes().forEach(process -> join.add(process, View.activeList));
    for (ProcessScan.Found found : scanned.values()) {
      join.add(found.process(), found.hasPoolHeader() ? View.poolScan : View.headerScan);
    }
    List<String> gaps = join.addReferredTo(windows);
    Collection<ProcessJoin.Joined> processes = new ArrayList<>(join.processes());
    if (list.status() == ListStatus.complete) {
      processes.removeIf(joined -> isIdle(joined.process()));
    }
    List<ProcessFinding.Builder> findings = new ArrayList<>();
    for (ProcessJoin.Joined joined : processes) {
      findings.add(
          ProcessFindings.of(joined.process(), joined.views()).setIdle(isIdle(joined.process())));
    }
    findings.sort(
        Comparator.comparingLong(ProcessFinding.Builder::getPid)
            .thenComparingLong(ProcessFinding.Builder::getObjectGpa));
    return new Result(findings, list.status(), list.detail(), systemRoot(processes), gaps);
  }

  /** Idle is part of the kernel's image, and on no list: a complete list is right without it. */
  private boolean isIdle(RawProcess process) {
    return process.pid().orElse(-1) == IDLE_PID
        && process.va().isPresent()
        && kernel.contains(process.va().getAsLong());
  }

  private OptionalLong systemVa() {
    return scanned.values().stream()
        .map(ProcessScan.Found::process)
        .filter(process -> isSystem(process) && process.va().isPresent())
        .mapToLong(process -> process.va().getAsLong())
        .findFirst();
  }

  private static boolean isSystem(RawProcess process) {
    return process.pid().orElse(-1) == SYSTEM_PID
        && process.imageName().filter("System"::equals).isPresent();
  }

  /** System's root, where its frame can be read; Idle runs on the same one. */
  private OptionalLong systemRoot(Collection<ProcessJoin.Joined> processes) {
    return processes.stream()
        .map(ProcessJoin.Joined::process)
        .filter(ProcessFinder::isSystem)
        .map(RawProcess::directoryTableBase)
        .filter(root -> root.isPresent() && guest.frames().frame(root.getAsLong()).isPresent())
        .mapToLong(OptionalLong::getAsLong)
        .findFirst();
  }
}
