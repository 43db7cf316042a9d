package io.ramtide.cli.command;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.Instance;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.InstanceOption;
import io.ramtide.cli.pipeline.SingleRole;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The correlator as a role of its own. */
@Command(
    name = "correlate",
    header = "Turn findings into timelines, anomalies and SIEM events (the correlator alone).",
    description = {
      "",
      "Runs until SIGINT or SIGTERM. Start as many as there is work for: they share it.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {"  ramtide correlate --bootstrap-servers kafka:9092 --data /var/lib/ramtide"})
final class CorrelateCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global;
  @Mixin private BrokerOptions broker;
  @Mixin private InstanceOption instance;

  @Override
  public Integer call() throws Exception {
    Terminal terminal = global.terminal();
    try (Cleanup cleanup = new Cleanup()) {
      BrokerLink link = broker.openWithTopics(cleanup, terminal);
      Instance claimed =
          cleanup.add(Instance.claim(broker.data(), instance.name(), broker.data()::correlator));
      SingleRole.correlator(link, claimed).run(terminal, cleanup);
      return 0;
    }
  }
}
