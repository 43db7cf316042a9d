package io.ramtide.cli.command;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.agent.AgentOptions;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.live.GuestListing;
import io.ramtide.cli.live.LiveGuests;
import io.ramtide.cli.live.Monitor;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.GuestOptions;
import io.ramtide.cli.options.RegistryOptions;
import io.ramtide.cli.options.TimelineOptions;
import io.ramtide.cli.options.WhatOption;
import io.ramtide.cli.pipeline.MetricsPage;
import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Every role in this JVM, on the running guests of this host. */
@Command(
    name = "monitor",
    header = "Watch the running guests of a hypervisor: capture, scan, correlate, print.",
    description = {
      "",
      "Acquirer, scanner and correlator run in this process, on a real Kafka broker. Runs until"
          + " SIGINT or SIGTERM; with --captures it ends by itself, and prints what `inspect` would"
          + " of the last capture of each guest: with --what only these kinds, with --format json a"
          + " line {\"kind\":\"listing\"} that names the guest before its findings.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ramtide monitor --uri qemu:///system",
      "  ramtide monitor --uri qemu:///system --domain 'web*' --every 250ms --timeline process",
      "  ramtide monitor --uri qemu:///system --domain win10 --captures 1 --what endpoints"
    })
final class MonitorCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global;
  @Mixin private GuestOptions guests;
  @Mixin private BrokerOptions broker;
  @Mixin private TimelineOptions timelines;
  @Mixin private WhatOption what;
  @Mixin private RegistryOptions registry;

  @Option(
      names = "--domain",
      paramLabel = "UUID|GLOB",
      description =
          "Only guests with this UUID or a name like this (* and ? as in file names); several times"
              + " if you like (default: all).")
  private List<String> domains = new ArrayList<>();

  @Option(
      names = "--keyframe-interval",
      paramLabel = "N",
      defaultValue = "" + AcquirerOptions.DEFAULT_KEYFRAME_INTERVAL,
      description =
          "Any so many captures in a row give all of RAM (default: ${DEFAULT-VALUE}); more of them"
              + " cost less, where captures are frequent.")
  private int keyframeInterval;

  @Override
  public Integer call() {
    Terminal terminal = global.terminal();
    if (!guests.isGiven()) {
      throw new Failure(ExitCode.USAGE, "--uri: which hypervisor? E.g. qemu:///system");
    }
    if (keyframeInterval < 1) {
      throw new Failure(
          ExitCode.USAGE, "--keyframe-interval %d: must be 1 or more".formatted(keyframeInterval));
    }
    Request request = registry.request(What.all());
    TimelinePrinter printer = timelines.printer(terminal, mayBeSeveral());
    GuestListing listing =
        new GuestListing(terminal, timelines.isJson(), what.kinds(What.all()), what.named());
    AgentOptions options = guests.agent(domains, keyframeInterval, broker.data());
    OptionalInt metricsPort = guests.metricsPort();
    try (Cleanup cleanup = new Cleanup()) {
      MetricsPage metrics = new MetricsPage(metricsPort, terminal, cleanup);
      LiveGuests live = LiveGuests.of(options, metrics::of);
      BrokerLink link = broker.openWithTopics(cleanup, terminal);
      return new Monitor(terminal, printer, listing, cleanup)
          .run(live, request, link, broker.data())
          .code();
    }
  }

  /** Whether lines of several guests may be mixed. */
  private boolean mayBeSeveral() {
    return domains.size() != 1 || domains.get(0).matches(".*[*?].*");
  }
}
