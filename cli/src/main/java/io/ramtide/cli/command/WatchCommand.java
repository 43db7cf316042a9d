package io.ramtide.cli.command;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.TimelineOptions;
import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.Terminal;
import io.ramtide.cli.timeline.Rejects;
import io.ramtide.cli.timeline.TimelineReader;
import io.ramtide.cli.timeline.Watch;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints timelines and anomalies as they come. */
@Command(
    name = "watch",
    header = "Follow the timelines of processes, registry and network, and anomalies.",
    description = {
      "",
      "Records that cannot be read are counted, written to ramtide.rejected, and passed over.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ramtide watch --bootstrap-servers kafka:9092",
      "  ramtide watch --timeline registry,network",
      "  ramtide watch --from beginning -n --format json > timeline.jsonl"
    })
final class WatchCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global;
  @Mixin private BrokerOptions broker;
  @Mixin private TimelineOptions timelines;

  @Option(
      names = "--domain",
      paramLabel = "UUID",
      description = "Only this virtual machine (default: all).")
  private UUID domain;

  @Option(
      names = "--from",
      paramLabel = "WHERE",
      defaultValue = "now",
      description =
          "${COMPLETION-CANDIDATES}: print what is there already, or only what comes (default:"
              + " ${DEFAULT-VALUE}).")
  private Where from;

  @Option(
      names = {"-n", "--no-follow"},
      description = "End after the last record that is there now, instead of waiting for more.")
  private boolean noFollow;

  /** Where to begin. */
  enum Where {
    beginning,
    now
  }

  @Override
  public Integer call() {
    Terminal terminal = global.terminal();
    TimelinePrinter printer = timelines.printer(terminal, domain == null);
    try (Cleanup cleanup = new Cleanup()) {
      BrokerLink link = broker.openWithTopics(cleanup, terminal);
      try (Rejects rejects = new Rejects(link, "watch");
          TimelineReader reader = new TimelineReader(link, from == Where.beginning, rejects)) {
        cleanup.add(reader::interrupt);
        Optional<String> only = Optional.ofNullable(domain).map(UUID::toString);
        new Watch(link, reader, terminal, printer, only).run(!noFollow);
        rejects.report(terminal);
      }
      return 0;
    }
  }
}
