package io.ramtide.cli.command;

import io.ramtide.cli.broker.TopicState;
import io.ramtide.cli.broker.TopicsAdmin;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.HelpOption;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Table;
import io.ramtide.cli.term.Terminal;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates and describes the topics of the catalogue. */
@Command(
    name = "topics",
    header = "Create the topics, or compare those of a broker with the catalogue.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {TopicsCommand.Create.class, TopicsCommand.Describe.class})
final class TopicsCommand implements Runnable {
  @Mixin
  @SuppressWarnings("UnusedVariable") // The parser reads it.
  private HelpOption help;

  @Override
  public void run() {
    throw new Failure(ExitCode.USAGE, "topics create or topics describe?");
  }

  /** Creates what is missing. */
  @Command(
      name = "create",
      header = "Create the topics that are missing; those that exist are left as they are.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  ramtide topics create --bootstrap-servers kafka:9092",
        "  ramtide topics create --bootstrap-servers kafka:9092 --replication-factor 3"
      })
  static final class Create implements Callable<Integer> {
    @Mixin private GlobalOptions global;
    @Mixin private BrokerOptions broker;

    @Option(
        names = "--replication-factor",
        paramLabel = "N",
        description = "Replicas of new topics (default: the broker's own default).")
    private Short replicationFactor;

    @Override
    public Integer call() {
      Terminal terminal = global.terminal();
      short wanted = replicationFactor == null ? TopicsAdmin.BROKER_DEFAULT : replicationFactor;
      if (wanted < 1 && wanted != TopicsAdmin.BROKER_DEFAULT) {
        throw new Failure(
            ExitCode.USAGE, "--replication-factor %d: must be 1 or more".formatted(wanted));
      }
      try (Cleanup cleanup = new Cleanup()) {
        print(terminal, new TopicsAdmin(broker.open(cleanup, terminal)).create(wanted));
        return 0;
      }
    }
  }

  /** Compares. */
  @Command(
      name = "describe",
      header = "Show the topics of the catalogue as the broker has them.",
      footerHeading = "%nExamples:%n",
      footer = {"  ramtide topics describe --bootstrap-servers kafka:9092"})
  static final class Describe implements Callable<Integer> {
    @Mixin private GlobalOptions global;
    @Mixin private BrokerOptions broker;

    @Override
    public Integer call() {
      Terminal terminal = global.terminal();
      try (Cleanup cleanup = new Cleanup()) {
        print(terminal, new TopicsAdmin(broker.open(cleanup, terminal)).describe());
        return 0;
      }
    }
  }

  private static void print(Terminal terminal, List<TopicState> states) {
    Table table =
        new Table()
            .text("TOPIC")
            .text("STATE")
            .number("PARTITIONS")
            .number("REPLICAS")
            .number("KEPT")
            .text("DIFFERS FROM THE CATALOGUE");
    for (TopicState state : states) {
      Style style =
          switch (state.kind()) {
            case CREATED -> Style.GREEN;
            case SAME -> Style.PLAIN;
            case DIFFERENT, MISSING -> Style.YELLOW;
          };
      table.row(
          style,
          state.spec().name(),
          state.kind().name().toLowerCase(Locale.ROOT),
          state.partitions() == 0 ? null : state.partitions(),
          state.replicas() == 0 ? null : state.replicas(),
          state.spec().retention().toDays() + " d",
          String.join("; ", state.differences()));
    }
    table.print(terminal);
  }
}
