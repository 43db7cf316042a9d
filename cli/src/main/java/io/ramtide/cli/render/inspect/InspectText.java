package io.ramtide.cli.render.inspect;

import io.ramtide.cli.render.ProcessTree;
import io.ramtide.cli.render.Statuses;
import io.ramtide.cli.render.Text;
import io.ramtide.cli.term.Printable;
import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Table;
import io.ramtide.cli.term.Terminal;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/** The findings of one memory for people. */
public final class InspectText {
  private static final String PROCESSES = "processes";

  private final Terminal terminal;
  private final boolean tree;
  private final boolean wide;
  private final List<ProcessFinding> processes = new ArrayList<>();
  private final KindListing others;

  /**
   * @param tree whether processes are shown as a tree
   * @param wide whether they are shown with all that is known of them
   */
  public InspectText(Terminal terminal, boolean tree, boolean wide) {
    this.terminal = terminal;
    this.tree = tree;
    this.wide = wide;
    this.others = new KindListing(terminal);
  }

  /** Takes a finding; the kernel's facts are printed at once, the others by {@link #print}. */
  public void add(SpecificRecord finding) {
    if (finding instanceof SystemFinding system) {
      system(system);
    } else if (finding instanceof ProcessFinding process && !asTable()) {
      processes.add(process);
    } else {
      others.add(finding);
    }
  }

  /** Whether processes are a table like any other kind. */
  private boolean asTable() {
    return wide && !tree;
  }

  /** Prints what was found, and plainly what was not. */
  public void print(Summary summary) {
    Map<Boolean, List<Coverage>> coverage =
        summary.getCoverage().stream()
            .collect(
                Collectors.partitioningBy(kind -> asTable() || !kind.getKind().equals(PROCESSES)));
    if (!processes.isEmpty()) {
      if (tree) {
        tree();
      } else {
        processes(summary.getActiveList());
      }
    }
    coverage.get(false).stream()
        .filter(kind -> kind.getStatus() != CoverageStatus.complete)
        .forEach(kind -> others.status(kind, processes.size()));
    others.print(coverage.get(true));
    summary(summary);
  }

  /** Prints the kernel's facts, a line each. */
  private void system(SystemFinding system) {
    fact("Windows build", Integer.toString(system.getBuild()));
    fact(
        "Kernel",
        "%s, PDB %s %s"
            .formatted(
                Text.address(system.getKernelBase()),
                orUnknown(system.getPdbName()),
                system.getPdbGuid() == null
                    ? "(GUID unreadable)"
                    : system.getPdbGuid() + "-" + orUnknown(system.getPdbAge())));
    fact(
        "Page-table root",
        "%s, self-map index %s"
            .formatted(
                Text.address(system.getDirectoryTableBase()), orUnknown(system.getSelfMapIndex())));
    fact("Guest time", orUnknown(Text.time(system.getGuestTime())) + " UTC");
    fact(
        "Layout",
        "%s, %s%s"
            .formatted(
                system.getSymbolTable(),
                system.getSymbolMatch(),
                system.getSymbolMatchReason() == null ? "" : ": " + system.getSymbolMatchReason()));
    fact("Found by", system.getFoundBy());
    terminal.line("");
  }

  private void fact(String name, String value) {
    terminal.line(terminal.paint(Style.BOLD, "%-16s".formatted(name)) + " " + Printable.of(value));
  }

  private static String orUnknown(Object value) {
    return value == null ? "(unreadable)" : value.toString();
  }

  private void processes(ListStatus activeList) {
    Table table =
        new Table()
            .number("PID")
            .number("PARENT")
            .text("PROCESS")
            .text("CREATED (UTC)")
            .text("EXITED (UTC)")
            .text("PAGE TABLES")
            .text("OBJECT")
            .text("SEEN BY");
    for (ProcessFinding each : processes) {
      table.row(
          style(each, activeList),
          each.getPid(),
          each.getParentPid(),
          each.getImageName(),
          Text.time(each.getCreateTime()),
          Text.time(each.getExitTime()),
          Text.address(each.getDirectoryTableBase()),
          Text.address(each.getObjectVa() == null ? each.getObjectGpa() : each.getObjectVa()),
          Text.views(each.getSeenBy()));
    }
    table.print(terminal);
    terminal.line("");
  }

  private static Style style(ProcessFinding process, ListStatus activeList) {
    if (process.getExitTime() != null) {
      return Style.DIM;
    }
    boolean hidden =
        activeList == ListStatus.complete && !process.getSeenBy().contains(View.activeList);
    return hidden ? Style.RED : Style.PLAIN;
  }

  private void tree() {
    ProcessTree.print(
        terminal,
        processes.stream()
            .map(
                each ->
                    new ProcessTree.Node(
                        each.getPid(),
                        each.getParentPid(),
                        each.getImageName(),
                        each.getCreateTime(),
                        each.getExitTime(),
                        ""))
            .toList());
    terminal.line("");
  }

  /** Prints what the memory shows in all, and plainly what could not be read. */
  private void summary(Summary summary) {
    Optional<String> detail = Optional.ofNullable(summary.getDetail());
    if (summary.getStatus() != CaptureStatus.DECODED) {
      terminal.line(
          terminal.paint(
              Style.YELLOW, Statuses.sentence(summary.getStatus()) + Statuses.because(detail)));
      return;
    }
    String active =
        switch (summary.getActiveList()) {
          case complete -> "the active list was walked to its end";
          case incomplete -> "the active list could not be walked to its end";
          case notWalked -> "the active list could not be walked";
        };
    boolean complete = summary.getActiveList() == ListStatus.complete;
    terminal.line(
        terminal.paint(
            complete ? Style.PLAIN : Style.YELLOW,
            found(summary)
                + active
                + Statuses.because(Optional.ofNullable(summary.getActiveListDetail()))
                + (complete
                    ? ""
                    : ". Processes that only the list would show may be missing here")));
    if (summary.getUnreadableFrames() > 0) {
      terminal.line(
          terminal.paint(
              Style.YELLOW,
              "%s of RAM could not be read: the dump does not hold them"
                  .formatted(
                      Text.count(
                          summary.getUnreadableFrames(), "frame of 4 KiB", "frames of 4 KiB"))));
    }
  }

  /** How many processes, if they were asked for. */
  private static String found(Summary summary) {
    return summary.getCoverage().stream()
        .filter(kind -> kind.getKind().equals(PROCESSES))
        .map(kind -> Text.count(kind.getCount(), "process", "processes") + " found; ")
        .findFirst()
        .orElse("");
  }
}
