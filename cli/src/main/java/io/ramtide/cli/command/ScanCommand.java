package io.ramtide.cli.command;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.Instance;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.options.InstanceOption;
import io.ramtide.cli.options.RegistryOptions;
import io.ramtide.cli.options.WhatOption;
import io.ramtide.cli.pipeline.SingleRole;
import io.ramtide.cli.symbols.Symbols;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The scanner as a role of its own. */
@Command(
    name = "scan",
    header = "Turn captures into findings (the scanner alone).",
    description = {
      "",
      "Runs until SIGINT or SIGTERM, which end it after the capture in hand. Start as many as there"
          + " is work for: they share it. --what narrows what is looked for; processes are always"
          + " among it. The registry's and the network's timelines need hives, registry and"
          + " endpoints.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ramtide scan --bootstrap-servers kafka:9092 --data /var/lib/ramtide",
      "  ramtide scan --registry watched --watch 'HKLM\\SOFTWARE\\Acme\\**'"
    })
final class ScanCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global;
  @Mixin private BrokerOptions broker;
  @Mixin private InstanceOption instance;
  @Mixin private WhatOption what;
  @Mixin private RegistryOptions registry;

  @Override
  public Integer call() throws Exception {
    Terminal terminal = global.terminal();
    Request request = registry.request(what.kinds(What.all()));
    SymbolStore symbols = Symbols.open(broker.data(), terminal::warn);
    try (Cleanup cleanup = new Cleanup()) {
      BrokerLink link = broker.openWithTopics(cleanup, terminal);
      Instance claimed =
          cleanup.add(Instance.claim(broker.data(), instance.name(), broker.data()::scanner));
      SingleRole.scanner(link, claimed, request, symbols).run(terminal, cleanup);
      return 0;
    }
  }
}
