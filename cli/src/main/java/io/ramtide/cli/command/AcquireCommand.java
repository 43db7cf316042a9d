package io.ramtide.cli.command;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.agent.AgentOptions;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.options.AcquireOptions;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.pipeline.Acquisition;
import io.ramtide.cli.pipeline.GuestAcquisition;
import io.ramtide.cli.pipeline.OpenDumps;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Terminal;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The acquirer as a role of its own. */
@Command(
    name = "acquire",
    header = "Write captures of running guests or memory dumps to Kafka (the acquirer alone).",
    description = {
      "",
      "With --uri: captures the guests of a hypervisor, each at its interval, until SIGINT or"
          + " SIGTERM. Guests that start are taken up, those that stop are let go; nothing in a"
          + " guest is changed. It obeys `ramtide command` and is seen by `ramtide agents`.",
      "With files: ends when every dump is captured. A signal ends it after the capture in hand. A"
          + " restart goes on where the last run ended.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ramtide acquire --bootstrap-servers kafka:9092 --uri qemu:///system",
      "  ramtide acquire --uri qemu:///system --domain 'web*' --every 250ms --max-cpu 50",
      "  ramtide acquire --bootstrap-servers kafka:9092 --name web01 monday.elf tuesday.elf",
      "  ramtide acquire --bootstrap-servers kafka:9092 --config tls.properties /var/dumps/web01"
    })
final class AcquireCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global;
  @Mixin private AcquireOptions what;
  @Mixin private BrokerOptions broker;

  @Override
  public Integer call() throws InterruptedException {
    return (what.isLive() ? guests() : files()).code();
  }

  private ExitCode guests() throws InterruptedException {
    Terminal terminal = global.terminal();
    AgentOptions options =
        what.guests().agent(what.domainGlobs(), what.keyframeInterval(), broker.data());
    OptionalInt metricsPort = what.guests().metricsPort();
    try (Cleanup cleanup = new Cleanup()) {
      BrokerLink link = broker.openWithTopics(cleanup, terminal);
      return new GuestAcquisition(terminal, cleanup).run(link, options, metricsPort);
    }
  }

  private ExitCode files() {
    Terminal terminal = global.terminal();
    AcquirerOptions options =
        new AcquirerOptions(broker.data().signingKey(), what.keyframeInterval());
    try (Cleanup cleanup = new Cleanup();
        OpenDumps open = OpenDumps.open(what.files(), what.domainOfFiles(), terminal)) {
      BrokerLink link = broker.openWithTopics(cleanup, terminal);
      new Acquisition(terminal, cleanup).run(open, what.name(), link, options);
      return open.isIncomplete() ? ExitCode.INCOMPLETE : ExitCode.OK;
    }
  }
}
