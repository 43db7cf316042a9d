package io.ramtide.scanner.windows;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.kernel.Kernel;
import io.ramtide.scanner.windows.process.ProcessFinder;
import io.ramtide.scanner.windows.scan.GuestScan;
import io.ramtide.schemas.SymbolMatch;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The layout a guest is decoded with, and the processes it shows.
 *
 * @param reason how it was chosen, when approximate
 */
record LayoutChoice(
    Layout layout, SymbolMatch match, Optional<String> reason, ProcessFinder processes) {

  /** By the PDB if it is known, else by the guest's own structures; empty if nothing fits. */
  static Optional<LayoutChoice> of(
      Kernel kernel, GuestScan scan, FrameReader frames, SymbolStore symbols) {
    if (kernel.symbols().isPresent()) {
      Layout layout = symbols.layout(kernel.symbols().get().layout());
      ProcessFinder processes = new ProcessFinder(layout, kernel.with(layout), scan, frames);
      return Optional.of(new LayoutChoice(layout, SymbolMatch.exact, Optional.empty(), processes));
    }
    List<Layout> candidates =
        kernel.build().isPresent() ? symbols.layouts(kernel.build().getAsInt()) : symbols.layouts();
    return candidates.stream()
        .map(layout -> tried(layout, candidates.size(), kernel, scan, frames))
        .filter(choice -> choice.processes().fits().processes() > 0)
        .max(Comparator.comparingInt(choice -> choice.processes().fits().checks()));
  }

  private static LayoutChoice tried(
      Layout layout, int candidates, Kernel kernel, GuestScan scan, FrameReader frames) {
    ProcessFinder processes = new ProcessFinder(layout, kernel.with(layout), scan, frames);
    ProcessFinder.Fit fit = processes.fits();
    String reason =
        "%s; best of %d layouts for %s: %d processes pass, with %d checks (%s)"
            .formatted(
                kernel
                    .pdb()
                    .map(pdb -> "PDB %s-%d is in no table".formatted(pdb.guid(), pdb.age()))
                    .orElse("the kernel's PDB record could not be read"),
                candidates,
                kernel.build().isPresent()
                    ? "build " + kernel.build().getAsInt()
                    : "an unknown build",
                fit.processes(),
                fit.checks(),
                String.join(", ", fit.names()));
    return new LayoutChoice(layout, SymbolMatch.approximate, Optional.of(reason), processes);
  }
}
