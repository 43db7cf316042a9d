package io.ramtide.cli.command;

import io.ramtide.cli.inspect.Inspection;
import io.ramtide.cli.inspect.PidFilter;
import io.ramtide.cli.options.DataOptions;
import io.ramtide.cli.options.Format;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.KeyOption;
import io.ramtide.cli.options.WhatOption;
import io.ramtide.cli.render.FindingLines;
import io.ramtide.cli.render.JsonLines;
import io.ramtide.cli.render.inspect.InspectText;
import io.ramtide.cli.symbols.Symbols;
import io.ramtide.cli.term.ProgressBar;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Analyses one dump, without Kafka. */
@Command(
    name = "inspect",
    header = "Show what Windows has in a memory dump: processes and more, without Kafka.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ramtide inspect guest.raw",
      "  ramtide inspect --tree guest.elf",
      "  ramtide inspect --what modules,handles --pid 1234 guest.raw",
      "  ramtide inspect --what endpoints,hives guest.raw",
      "  ramtide inspect --key 'HKLM\\SOFTWARE\\**\\CurrentVersion\\Run*' guest.raw",
      "  ramtide inspect --what all --format json guest.lime | jq 'select(.kind == \"vad\")'"
    })
final class InspectCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global;
  @Mixin private WhatOption what;
  @Mixin private KeyOption key;
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

  @Option(
      names = "--pid",
      paramLabel = "PID",
      split = ",",
      description = "Show only what belongs to these processes, or to none.")
  private List<Long> pids = new ArrayList<>();

  @Option(names = "--tree", description = "Show the processes as a tree of parents and children.")
  private boolean tree;

  @Option(
      names = "--wide",
      description =
          "Show processes with session, user, image and command line, and cut no column to the"
              + " terminal.")
  private boolean wide;

  @Override
  public Integer call() {
    Terminal terminal = global.terminal();
    Set<What> wanted =
        EnumSet.copyOf(what.kinds(EnumSet.of(key.isGiven() ? What.registry : What.processes)));
    Set<What> named = what.named();
    if (key.isGiven()) {
      wanted.add(What.registry);
      named.add(What.registry);
    }
    if (tree) {
      wanted.add(What.processes);
    }
    Request request = new Request(wanted, key.keys(), KeyGlobs.NONE, OptionalLong.empty());
    SymbolStore symbols = Symbols.open(data.folder(), terminal::warn);
    PidFilter filter = new PidFilter(Set.copyOf(pids));
    InspectText text = new InspectText(wide ? terminal.withColumns(0) : terminal, tree, wide);
    Consumer<SpecificRecord> findings =
        format == Format.json ? finding -> FindingLines.of(finding, terminal::line) : text::add;
    Inspection inspection;
    try (ProgressBar bar = new ProgressBar(terminal, "scanning")) {
      inspection =
          Inspection.of(
              file,
              symbols,
              Clock.systemUTC(),
              bar::at,
              request,
              finding -> {
                bar.clear();
                if (filter.test(finding)) {
                  findings.accept(finding);
                }
              });
    }
    inspection.source().warnings().forEach(warning -> terminal.warn(file + ": " + warning));
    if (format == Format.json) {
      terminal.line(JsonLines.of(inspection.summary()));
    } else {
      text.print(inspection.summary());
    }
    return inspection.exitCode(named).code();
  }
}
