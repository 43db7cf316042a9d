package io.ramtide.cli.command;

import io.ramtide.cli.inspect.Inspection;
import io.ramtide.cli.options.DataOptions;
import io.ramtide.cli.options.Format;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.render.InspectText;
import io.ramtide.cli.render.JsonLines;
import io.ramtide.cli.symbols.Symbols;
import io.ramtide.cli.term.ProgressBar;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.Analysis;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Analyses one dump, without Kafka. */
@Command(
    name = "inspect",
    header = "Show the Windows processes in a memory dump, without Kafka.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ramtide inspect guest.raw",
      "  ramtide inspect --tree guest.elf",
      "  ramtide inspect --format json guest.lime | jq 'select(.kind == \"process\")'"
    })
final class InspectCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global;
  @Mixin private DataOptions data;

  @Parameters(
      paramLabel = "FILE",
      description = "A memory dump: raw, ELF core or LiME, told by its content.")
  private Path file;

  @Option(
      names = "--format",
      defaultValue = "table",
      description =
          "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); json is one object a line.")
  private Format format;

  @Option(names = "--tree", description = "Show the processes as a tree of parents and children.")
  private boolean tree;

  @Override
  public Integer call() {
    Terminal terminal = global.terminal();
    SymbolStore symbols = Symbols.open(data.folder(), terminal::warn);
    Inspection inspection;
    try (ProgressBar bar = new ProgressBar(terminal, "scanning")) {
      inspection = Inspection.of(file, symbols, Clock.systemUTC(), bar::at);
    }
    inspection.source().warnings().forEach(text -> terminal.warn(file + ": " + text));
    if (format == Format.json) {
      printJson(terminal, inspection);
    } else {
      printText(terminal, inspection);
    }
    return inspection.exitCode().code();
  }

  private static void printJson(Terminal terminal, Inspection inspection) {
    Analysis analysis = inspection.analysis();
    analysis.system().ifPresent(system -> terminal.line(JsonLines.of("system", system)));
    analysis.processes().forEach(process -> terminal.line(JsonLines.of("process", process)));
    terminal.line(JsonLines.of("summary", inspection.summary()));
  }

  private void printText(Terminal terminal, Inspection inspection) {
    Analysis analysis = inspection.analysis();
    InspectText text = new InspectText(terminal);
    analysis.system().ifPresent(text::system);
    if (!analysis.processes().isEmpty()) {
      if (tree) {
        text.tree(analysis.processes());
      } else {
        text.processes(analysis.processes(), analysis.activeList());
      }
    }
    text.summary(inspection.summary(), analysis.processes().size());
  }
}
