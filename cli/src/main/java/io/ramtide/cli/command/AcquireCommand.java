package io.ramtide.cli.command;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.DumpOptions;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.pipeline.Acquisition;
import io.ramtide.cli.pipeline.OpenDumps;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The acquirer as a role of its own. */
@Command(
    name = "acquire",
    header = "Write captures of memory dumps to Kafka (the acquirer alone).",
    description = {
      "",
      "Ends when every dump is captured. SIGINT or SIGTERM ends it after the capture in hand. A"
          + " restart goes on where the last run ended.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ramtide acquire --bootstrap-servers kafka:9092 --name web01 monday.elf tuesday.elf",
      "  ramtide acquire --bootstrap-servers kafka:9092 --config tls.properties /var/dumps/web01"
    })
final class AcquireCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global;
  @Mixin private DumpOptions dumps;
  @Mixin private BrokerOptions broker;

  @Override
  public Integer call() {
    Terminal terminal = global.terminal();
    AcquirerOptions options =
        new AcquirerOptions(broker.data().signingKey(), dumps.keyframeInterval());
    try (Cleanup cleanup = new Cleanup();
        OpenDumps open = OpenDumps.open(dumps.files(), dumps.domain(), terminal)) {
      BrokerLink link = broker.openWithTopics(cleanup, terminal);
      new Acquisition(terminal, cleanup).run(open, dumps.name(), link, options);
      return (open.isIncomplete() ? ExitCode.INCOMPLETE : ExitCode.OK).code();
    }
  }
}
