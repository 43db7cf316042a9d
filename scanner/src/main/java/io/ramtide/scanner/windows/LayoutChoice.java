package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.process.ProcessFinder;
import io.ramtide.scanner.windows.scan.GuestScan;
import io.ramtide.schemas.SymbolMatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The layout a guest is decoded with, and the processes it shows.
 *
 * @param reason how it was chosen, when approximate
 */
record LayoutChoice(
    Layout layout, SymbolMatch match, Optional<String> reason, ProcessFinder processes) {

  /** Processes whose neighbourhood is checked. */
  private static final int SAMPLE = 64;

  /** What the layout of another build must at least show before it is used. */
  private static final int MIN_PROCESSES = 3;

  private static final int MIN_CHECKS = 4;

  /** A layout that was tried. */
  private record Tried(
      Layout layout, ProcessFinder finder, Map<String, LayoutChecks.Tally> checks) {
    ProcessFinder.Fit fit() {
      return finder.fits();
    }

    /** A smeared capture may fail some; none of several passes by a wrong offset only. */
    boolean isRefuted() {
      return checks.values().stream()
          .anyMatch(check -> check.tried() >= MIN_PROCESSES && check.passed() * 2 < check.tried());
    }

    /** Whether enough was checked to trust it on a build it was not made for. */
    boolean isStrong() {
      return fit().processes() >= MIN_PROCESSES
          && checks.size() >= MIN_CHECKS
          && fit().names().contains(ProcessFinder.EXACT_BLOCK)
          && checks.values().stream().allMatch(check -> check.passed() * 10 >= check.tried() * 9);
    }

    int score() {
      return fit().checks()
          + checks.values().stream().mapToInt(check -> 2 * check.passed() - check.tried()).sum();
    }
  }

  /** By the PDB if it is known, else by the guest's own structures; empty if nothing fits. */
  static Optional<LayoutChoice> of(
      Kernel kernel, GuestScan scan, FrameReader frames, SymbolStore symbols) {
    if (kernel.symbols().isPresent()) {
      Layout layout = symbols.layout(kernel.symbols().get().layout());
      ProcessFinder processes = new ProcessFinder(layout, kernel.with(layout), scan, frames);
      return Optional.of(new LayoutChoice(layout, SymbolMatch.exact, Optional.empty(), processes));
    }
    Candidates candidates = Candidates.of(kernel, symbols);
    List<Tried> fitting =
        tried(candidates.layouts(), kernel, scan, frames).stream()
            .filter(tried -> tried.fit().processes() > 0)
            .filter(tried -> !tried.isRefuted())
            .filter(tried -> !candidates.ofOtherBuilds() || tried.isStrong())
            .sorted(Comparator.comparingInt(Tried::score).reversed())
            .toList();
    return fitting.stream()
        .findFirst()
        .map(
            best ->
                new LayoutChoice(
                    best.layout(),
                    SymbolMatch.approximate,
                    Optional.of(reason(best, fitting, candidates, kernel)),
                    best.finder()));
  }

  /**
   * Layouts to try.
   *
   * @param ofOtherBuilds whether none of them is known to serve the guest's build
   */
  private record Candidates(List<Layout> layouts, boolean ofOtherBuilds, String what) {
    static Candidates of(Kernel kernel, SymbolStore symbols) {
      if (kernel.build().isEmpty()) {
        return new Candidates(symbols.layouts(), false, "an unknown build");
      }
      int build = kernel.build().getAsInt();
      List<Layout> serving = symbols.layouts(build);
      return serving.isEmpty()
          ? new Candidates(symbols.neighbours(build), true, "builds next to " + build)
          : new Candidates(serving, false, "build " + build);
    }
  }

  /** Layouts whose processes and threads are alike see the same ones: these are looked for once. */
  private static List<Tried> tried(
      List<Layout> layouts, Kernel kernel, GuestScan scan, FrameReader frames) {
    Map<List<Object>, ProcessFinder> finders = new LinkedHashMap<>();
    List<Tried> tried = new ArrayList<>();
    for (Layout layout : layouts) {
      ProcessFinder finder =
          finders.computeIfAbsent(
              processes(layout),
              key -> new ProcessFinder(layout, kernel.with(layout), scan, frames));
      tried.add(
          new Tried(
              layout,
              finder,
              LayoutChecks.of(layout, kernel.with(layout), finder.addresses(SAMPLE))));
    }
    return tried;
  }

  private static List<Object> processes(Layout layout) {
    return List.of(
        layout.processTag(),
        layout.processHeaderSize(),
        layout.type("EPROCESS"),
        layout.type("KPROCESS"),
        layout.type("ETHREAD"),
        layout.type("KTHREAD"));
  }

  private static String reason(
      Tried best, List<Tried> fitting, Candidates candidates, Kernel kernel) {
    StringBuilder reason = new StringBuilder();
    reason.append(
        kernel
            .pdb()
            .map(pdb -> "PDB %s-%d is in no table".formatted(pdb.guid(), pdb.age()))
            .orElse("the kernel's PDB record could not be read"));
    if (candidates.ofOtherBuilds()) {
      reason.append(
          "; nor is its build %d: the layout is that of another build (%d to %d), and fields that no check sees may be wrong"
              .formatted(
                  kernel.build().orElse(0), best.layout().firstBuild(), best.layout().lastBuild()));
    }
    reason.append(
        "; best of %d layouts for %s: %d processes pass, with %d checks (%s)"
            .formatted(
                candidates.layouts().size(),
                candidates.what(),
                best.fit().processes(),
                best.fit().checks(),
                String.join(", ", best.fit().names())));
    if (!best.checks().isEmpty()) {
      reason.append("; what they refer to fits: ");
      reason.append(
          best.checks().entrySet().stream()
              .map(check -> check.getKey() + " " + check.getValue())
              .collect(Collectors.joining(", ")));
    }
    fitting.stream()
        .filter(
            rival ->
                !rival.layout().name().equals(best.layout().name())
                    && rival.score() == best.score())
        .forEach(
            rival ->
                reason.append(
                    "; %s fits as well and differs in %s"
                        .formatted(
                            rival.layout().name(),
                            LayoutDifference.text(best.layout(), rival.layout()))));
    return reason.append(SymbolAdvice.of(kernel)).toString();
  }
}
