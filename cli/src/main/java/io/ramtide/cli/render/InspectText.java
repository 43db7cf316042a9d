package io.ramtide.cli.render;

import io.ramtide.cli.term.Printable;
import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Table;
import io.ramtide.cli.term.Terminal;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.SystemFinding;
import io.ramtide.schemas.View;
import java.util.List;
import java.util.Optional;

/** The findings of one memory for people. */
public final class InspectText {
  private final Terminal terminal;

  public InspectText(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Prints the kernel's facts, a line each. */
  public void system(SystemFinding system) {
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

  public void processes(List<ProcessFinding> processes, ListStatus activeList) {
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

  public void tree(List<ProcessFinding> processes) {
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
  public void summary(Summary summary, int processes) {
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
            Text.count(processes, "process", "processes")
                + " found; "
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
}
