package io.ramtide.cli.command;

import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.HelpOption;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Printable;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** The program: its commands, and what all of them have in common. */
@Command(
    name = "ramtide",
    header = "Turns the RAM of Windows guests into a process timeline on Kafka.",
    description = {
      "",
      "Begin with `ramtide demo`, or with a memory dump of your own: `ramtide replay guest.raw`.",
      ""
    },
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Ramtide.Version.class,
    subcommands = {
      DemoCommand.class,
      MonitorCommand.class,
      ReplayCommand.class,
      InspectCommand.class,
      HiveCommand.class,
      AcquireCommand.class,
      ScanCommand.class,
      CorrelateCommand.class,
      WatchCommand.class,
      AgentsCommand.class,
      CommandCommand.class,
      SymbolsCommand.class,
      TopicsCommand.class,
      CompletionCommand.class,
      WarmUpCommand.class
    })
public final class Ramtide implements Runnable {
  @Mixin
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private HelpOption help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version and end.")
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private boolean version;

  /** The parser, ready to execute. */
  public static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    CommandLine line = new CommandLine(new Ramtide());
    line.setOut(out).setErr(err);
    line.setUsageHelpWidth(100);
    line.setUsageHelpAutoWidth(false);
    line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    line.setExecutionStrategy(Ramtide::execute);
    line.setExecutionExceptionHandler(Ramtide::failed);
    line.setParameterExceptionHandler(
        (e, args) ->
            misused(e.getCommandLine(), Optional.ofNullable(e.getMessage()).orElse("wrong use")));
    document(line);
    return line;
  }

  /** The exit codes are in every help text. */
  private static void document(CommandLine line) {
    line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
    line.getCommandSpec().usageMessage().exitCodeList(ExitCode.table());
    line.getSubcommands().values().forEach(Ramtide::document);
  }

  private static int execute(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    globalOptions(last.commandSpec()).ifPresent(GlobalOptions::apply);
    return new CommandLine.RunLast().execute(parsed);
  }

  private static Optional<GlobalOptions> globalOptions(CommandSpec spec) {
    return spec.mixins().values().stream()
        .map(CommandSpec::userObject)
        .filter(GlobalOptions.class::isInstance)
        .map(GlobalOptions.class::cast)
        .findFirst();
  }

  private static int failed(Exception thrown, CommandLine line, ParseResult parsed) {
    line.getOut().flush();
    ExitCode code = thrown instanceof Failure failure ? failure.exitCode() : ExitCode.INTERNAL;
    String message =
        code == ExitCode.INTERNAL && !(thrown instanceof Failure)
            ? "internal error: %s: run it again with --verbose and report what it prints"
                .formatted(Failure.reason(thrown))
            : Failure.reason(thrown);
    line.getErr().println("ramtide: " + Printable.of(message));
    if (globalOptions(line.getCommandSpec()).map(GlobalOptions::isVerbose).orElse(false)) {
      thrown.printStackTrace(line.getErr());
    }
    return code.code();
  }

  private static int misused(CommandLine line, String message) {
    line.getErr()
        .println(
            "ramtide: %s; see `%s --help`"
                .formatted(Printable.of(message), line.getCommandSpec().qualifiedName()));
    return ExitCode.USAGE.code();
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new Failure(ExitCode.USAGE, "which command? See `ramtide --help`");
  }

  /** Read from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Ramtide.class.getPackage().getImplementationVersion();
      return new String[] {
        "ramtide %s (Java %s)"
            .formatted(version == null ? "from classes" : version, Runtime.version())
      };
    }
  }
}
