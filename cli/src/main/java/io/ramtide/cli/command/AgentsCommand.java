package io.ramtide.cli.command;

import io.ramtide.cli.agents.AgentTable;
import io.ramtide.cli.agents.HeartbeatReader;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.options.BrokerOptions;
import io.ramtide.cli.options.Format;
import io.ramtide.cli.options.GlobalOptions;
import io.ramtide.cli.render.JsonLines;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.Terminal;
import io.ramtide.cli.timeline.Rejects;
import io.ramtide.schemas.AgentStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows which acquirers there are and how they do. */
@Command(
    name = "agents",
    header = "Show the acquirers of running guests, by their last heartbeats.",
    description = {
      "",
      "An acquirer that said nothing for three heartbeats is overdue: it was killed, or its host or"
          + " network is gone. One that ended in order is stopped.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ramtide agents --bootstrap-servers kafka:9092",
      "  ramtide agents --format json | jq '.capabilities'"
    })
final class AgentsCommand implements Callable<Integer> {
  @Mixin private GlobalOptions global;
  @Mixin private BrokerOptions broker;

  @Option(
      names = "--format",
      defaultValue = "table",
      description =
          "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); json is one object a line, with"
              + " capabilities and the results of commands.")
  private Format format;

  @Override
  public Integer call() {
    Terminal terminal = global.terminal();
    try (Cleanup cleanup = new Cleanup()) {
      BrokerLink link = broker.openWithTopics(cleanup, terminal);
      try (Rejects rejects = new Rejects(link, "agents");
          HeartbeatReader reader = new HeartbeatReader(link, rejects)) {
        Collection<AgentStatus> agents = reader.latest().values();
        if (format == Format.json) {
          agents.forEach(agent -> terminal.line(JsonLines.of("agent", agent)));
        } else if (agents.isEmpty()) {
          terminal.say("ramtide: no acquirer of running guests has sent a heartbeat");
        } else {
          new AgentTable(Instant.now()).print(agents, terminal);
        }
        rejects.report(terminal);
      }
      return 0;
    }
  }
}
