package io.ramtide.cli.command;

import io.ramtide.cli.hive.ExportedHive;
import io.ramtide.cli.hive.HiveExport;
import io.ramtide.cli.hive.HiveTarget;
import io.ramtide.cli.inspect.Inspection;
import io.ramtide.cli.options.DataOptions;
import io.ramtide.cli.options.Format;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.HelpOption;
import io.ramtide.cli.symbols.Symbols;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Printable;
import io.ramtide.cli.term.ProgressBar;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.windows.WindowsAnalyzer;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CaptureStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registry hives. */
@Command(
    name = "hive",
    header = "Write registry hives of a memory dump to files.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = HiveCommand.Export.class)
final class HiveCommand implements Runnable {
  @Mixin
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private HelpOption help;

  @Override
  public void run() {
    throw new Failure(ExitCode.USAGE, "hive export?");
  }

  /** Exports. */
  @Command(
      name = "export",
      header = "Write registry hives of a memory dump as files that registry tools open.",
      description = {
        "",
        "Writes what a hive keeps in its file (regf), without its volatile keys, and beside it a"
            + " .json that names the dump, the file's SHA-256 and every range of bytes that memory"
            + " did not have: such a range is a free cell that says why.",
        ""
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  ramtide hive export guest.raw --hive 'HKLM\\SYSTEM' --out system.hive",
        "  ramtide hive export guest.raw --hive 'HKU\\*' --hive 'HKLM\\SOFTWARE' --out hives/",
        "  ramtide hive export guest.raw --all --out hives/ --format json | jq .sha256"
      })
  static final class Export implements Callable<Integer> {
    @Mixin private GlobalOptions global;
    @Mixin private DataOptions data;

    @Parameters(
        paramLabel = "FILE",
        description = "A memory dump: raw, ELF core or LiME, told by its content.")
    private Path file;

    @Option(
        names = "--hive",
        paramLabel = "PATH",
        description =
            "Hives by the path of their root key, e.g. \\REGISTRY\\MACHINE\\SYSTEM or HKLM\\SYSTEM;"
                + " * and ? within a name, ** for any number of names. May be given several times.")
    private List<String> hives = new ArrayList<>();

    @Option(names = "--all", description = "Every hive that is loaded.")
    private boolean all;

    @Option(
        names = "--out",
        required = true,
        paramLabel = "FILE|DIR/",
        description = "A file for one hive; a folder, which is made, for several: / at its end.")
    private String out;

    @Option(names = "--force", description = "Replace files that are there.")
    private boolean force;

    @Option(
        names = "--format",
        defaultValue = "table",
        description =
            "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); json is one object a line.")
    private Format format;

    @Override
    public Integer call() {
      Terminal terminal = global.terminal();
      HiveExport export = new HiveExport(file, wanted(), target());
      Inspection inspection;
      try (ProgressBar bar = new ProgressBar(terminal, "scanning")) {
        inspection =
            Inspection.of(
                file,
                new WindowsAnalyzer(Symbols.open(data.folder(), terminal::warn), List.of(export)),
                Clock.systemUTC(),
                bar::at,
                Set.of(What.hives),
                finding -> {});
      }
      inspection.source().warnings().forEach(warning -> terminal.warn(file + ": " + warning));
      print(terminal, export);
      export
          .failure()
          .ifPresent(
              failure -> {
                throw failure;
              });
      if (inspection.analysis().status() != CaptureStatus.DECODED) {
        terminal.warn(
            "%s: %s".formatted(file, inspection.analysis().detail().orElse("no Windows found")));
        return inspection.exitCode(Set.of()).code();
      }
      return exitCode(terminal, export, inspection).code();
    }

    private Predicate<String> wanted() {
      if (all == !hives.isEmpty()) {
        throw new Failure(ExitCode.USAGE, "which hives? Give --hive PATH, or --all");
      }
      try {
        return all ? path -> true : KeyGlobs.of(hives)::matches;
      } catch (IllegalArgumentException e) {
        throw new Failure(ExitCode.USAGE, "--hive: " + Failure.reason(e), e);
      }
    }

    private HiveTarget target() {
      Path path = Path.of(out);
      return new HiveTarget(path, all || out.endsWith("/") || Files.isDirectory(path), force);
    }

    private void print(Terminal terminal, HiveExport export) {
      for (ExportedHive hive : export.exported()) {
        terminal.line(format == Format.json ? hive.line(file) : Printable.of(text(hive)));
      }
      export
          .withoutFile()
          .forEach(
              path ->
                  terminal.warn(path + ": has no stable storage, so there is nothing to write"));
      export.gaps().forEach(terminal::warn);
    }

    private static String text(ExportedHive hive) {
      List<String> notes = new ArrayList<>();
      if (hive.volatileBytes() > 0) {
        notes.add("%d bytes of volatile keys left out".formatted(hive.volatileBytes()));
      }
      if (hive.written().isBaseRebuilt()) {
        notes.add("base block not in memory, made anew");
      }
      if (hive.written().replacedBytes() > 0) {
        notes.add(
            "%d bytes missing (%s)"
                .formatted(
                    hive.written().replacedBytes(),
                    hive.reasons().collect(Collectors.joining(", "))));
      }
      return "%s  %s  %d bytes  sha256 %s%s"
          .formatted(
              hive.path(),
              hive.file(),
              hive.written().bytes(),
              hive.sha256(),
              notes.isEmpty() ? "" : "  " + String.join("; ", notes));
    }

    private ExitCode exitCode(Terminal terminal, HiveExport export, Inspection inspection) {
      if (export.exported().isEmpty() && export.withoutFile().isEmpty()) {
        String loaded =
            export.others().isEmpty()
                ? "no hive was found in it"
                : "none of its hives is meant; it has " + String.join(", ", export.others());
        terminal.warn("%s: %s".formatted(file, loaded));
        return ExitCode.INCOMPLETE;
      }
      boolean isWhole = export.exported().stream().allMatch(ExportedHive::isWhole);
      return isWhole && export.withoutFile().isEmpty()
          ? inspection.exitCode(Set.of())
          : ExitCode.INCOMPLETE;
    }
  }
}
