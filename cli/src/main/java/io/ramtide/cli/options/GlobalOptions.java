package io.ramtide.cli.options;

import io.ramtide.cli.log.LogConfigurator;
import io.ramtide.cli.log.LogFormat;
import io.ramtide.cli.log.MessageWriter;
import io.ramtide.cli.term.Terminal;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command takes. */
public final class GlobalOptions {
  /** Set by the launcher: which of standard output ("out") and error ("err") are terminals. */
  private static final String TERMINAL = "ramtide.terminal";

  /** Set by the launcher: how wide the terminal is. */
  private static final String COLUMNS = "ramtide.columns";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and end.")
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private boolean help;

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description =
          "Colour: ${COMPLETION-CANDIDATES}. auto: on a terminal, unless NO_COLOR is set.")
  private ColorWhen color;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only results and failures.")
  private boolean quiet;

  @Option(
      names = {"-v", "--verbose"},
      description = "Tell more on standard error, and stack traces; twice for Kafka's log too.")
  private boolean[] verbose = new boolean[0];

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "Messages on standard error: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); json"
              + " is one object a line, for log collectors.")
  private LogFormat logFormat;

  /** When to use colour. */
  enum ColorWhen {
    auto,
    always,
    never
  }

  /** Applies what holds for the whole process; to be called before anything logs. */
  public void apply() {
    System.setProperty(LogConfigurator.VERBOSE, Integer.toString(verbose.length));
    System.setProperty(LogConfigurator.QUIET, Boolean.toString(quiet));
    System.setProperty(LogConfigurator.FORMAT, logFormat.name());
    if (logFormat == LogFormat.json) {
      command.commandLine().setErr(new PrintWriter(new MessageWriter(), true));
    }
  }

  public boolean isVerbose() {
    return verbose.length > 0;
  }

  public Terminal terminal() {
    CommandLine line = command.commandLine();
    boolean colour =
        color == ColorWhen.always
            || (color == ColorWhen.auto && isTerminal("out") && wantsColour());
    boolean draws = isTerminal("err") && logFormat == LogFormat.text;
    return new Terminal(line.getOut(), line.getErr(), colour, draws, quiet, columns());
  }

  private static boolean isTerminal(String stream) {
    return System.getProperty(TERMINAL, "").contains(stream);
  }

  private static int columns() {
    return isTerminal("out") ? Math.max(0, Integer.getInteger(COLUMNS, 0)) : 0;
  }

  private static boolean wantsColour() {
    String noColor = System.getenv("NO_COLOR");
    return (noColor == null || noColor.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
  }
}
