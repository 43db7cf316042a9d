package io.ramtide.cli.command;

import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.agent.AgentOptions;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.live.GuestListing;
import io.ramtide.cli.live.LiveGuests;
import io.ramtide.cli.live.Monitor;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.LiveOptions;
import io.ramtide.cli.options.RegistryOptions;
import io.ramtide.cli.options.TimelineOptions;
import io.ramtide.cli.options.WhatOption;
import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
  @Mixin private LiveOptions live;
  @Mixin private BrokerOptions broker;
  @Mixin private TimelineOptions timelines;
  @Mixin private WhatOption what;
  @Mixin private RegistryOptions registry;

  @Override
  public Integer call() {
    Terminal terminal = global.terminal();
    Request request = registry.request(What.all());
    TimelinePrinter printer = timelines.printer(terminal, live.mayBeSeveral());
    GuestListing listing =
        new GuestListing(terminal, timelines.isJson(), what.kinds(What.all()), what.named());
    LiveGuests guests = LiveGuests.of(agentOptions());
    try (Cleanup cleanup = new Cleanup()) {
      BrokerLink link = broker.openWithTopics(cleanup, terminal);
      return new Monitor(terminal, printer, listing, cleanup)
          .run(guests, request, link, broker.data())
          .code();
    }
  }

  private AgentOptions agentOptions() {
    MethodOptions methods =
        new MethodOptions(broker.data().folder("live"), MethodOptions.DEFAULT_MAX_PAUSE);
    AcquirerOptions acquirer =
        new AcquirerOptions(broker.data().signingKey(), AcquirerOptions.DEFAULT_KEYFRAME_INTERVAL);
    try {
      return AgentOptions.of(live.uri(), methods, acquirer)
          .withDomains(live.domains())
          .withEvery(live.every())
          .withMethod(live.method())
          .withCaptures(live.captures());
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, "--" + e.getMessage(), e);
    }
  }
}
