package io.ramtide.cli.command;

import io.ramtide.cli.options.DataOptions;
import io.ramtide.cli.options.Format;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.HelpOption;
import io.ramtide.cli.symbols.ImportRun;
import io.ramtide.cli.symbols.SymbolList;
import io.ramtide.cli.symbols.Symbols;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.symbols.isf.Versions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports and lists kernels' symbols. */
@Command(
    name = "symbols",
    header = "Import symbol tables of Windows kernels, or list those that are known.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {SymbolsCommand.Import.class, SymbolsCommand.ListKernels.class})
final class SymbolsCommand implements Runnable {
  @Mixin
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private HelpOption help;

  @Override
  public void run() {
    throw new Failure(ExitCode.USAGE, "symbols import or symbols list?");
  }

  /** Imports. */
  @Command(
      name = "import",
      header = "Add kernels' symbols from Volatility 3 symbol tables.",
      description = {
        "",
        "Reads symbol tables (ISF JSON) of x64 kernels, plain or packed by xz or gzip, and keeps what"
            + " the scanner needs in the symbols folder of --data. Nothing is fetched. A table that"
            + " cannot be used is named with the reason; the others are imported all the same.",
        ""
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ramtide symbols import ntkrnlmp.pdb/9DC3FC69B1CA4B34707EBC57FD1D6126-1.json.xz",
        "  ramtide symbols import --kernel-version 10.0.22621.1702 kernel.json",
        "  ramtide symbols import --versions versions.txt volatility3/symbols/windows"
      })
  static final class Import implements Callable<Integer> {
    @Mixin private GlobalOptions global;
    @Mixin private DataOptions data;

    @Parameters(
        paramLabel = "FILE|DIR",
        arity = "1..*",
        description =
            "Symbol tables, or folders with .json, .json.xz and .json.gz files in them, at any"
                + " depth; folders of other modules (tcpip.pdb) are left out.")
    private List<Path> files;

    @Option(
        names = "--kernel-version",
        paramLabel = "VERSION",
        description =
            "File version of the kernel, which tables seldom say, e.g. 10.0.22621.1702. With it, the"
                + " table can also serve kernels of the same build that have no table.")
    private String version;

    @Option(
        names = "--versions",
        paramLabel = "FILE",
        description =
            "The versions of many: any text with a version and a GUID with its age on a line.")
    private Path versions;

    @Option(
        names = "--source",
        paramLabel = "TEXT",
        description = "Where the tables come from, to be shown with them (default: the file name).")
    private String source;

    @Option(
        names = "--into",
        paramLabel = "DIR",
        description =
            "Write to this folder instead, everything and not only what does not ship: for making"
                + " the data that ship.")
    private Path into;

    @Override
    public Integer call() {
      Terminal terminal = global.terminal();
      ImportRun run = new ImportRun(files, known(), Optional.ofNullable(source));
      return (into == null
              ? run.intoDataFolder(data.folder().symbols(), terminal)
              : run.into(into, terminal))
          .code();
    }

    private Versions known() {
      if (version != null && !Versions.isVersion(version)) {
        throw new Failure(
            ExitCode.USAGE, "--kernel-version %s: write it as 10.0.22621.1702".formatted(version));
      }
      try {
        Versions list = versions == null ? Versions.none() : Versions.list(versions);
        return new Versions(list.byPdb(), Optional.ofNullable(version));
      } catch (IOException e) {
        throw new Failure(
            ExitCode.USAGE,
            "--versions %s cannot be read (%s)".formatted(versions, Failure.reason(e)),
            e);
      }
    }
  }

  /** Lists. */
  @Command(
      name = "list",
      header = "List the kernels whose symbols are known, shipped or imported.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  ramtide symbols list",
        "  ramtide symbols list --format json | jq 'select(.from == \"imported\")'"
      })
  static final class ListKernels implements Callable<Integer> {
    @Mixin private GlobalOptions global;
    @Mixin private DataOptions data;

    @Option(
        names = "--format",
        defaultValue = "table",
        description =
            "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); json is one object a line.")
    private Format format;

    @Override
    public Integer call() {
      Terminal terminal = global.terminal();
      SymbolList list = new SymbolList(Symbols.open(data.folder(), terminal::warn), terminal);
      if (format == Format.json) {
        list.printJson();
      } else {
        list.printTable();
      }
      return 0;
    }
  }
}
