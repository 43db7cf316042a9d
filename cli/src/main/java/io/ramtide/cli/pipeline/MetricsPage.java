package io.ramtide.cli.pipeline;

import io.ramtide.acquirer.agent.Agent;
import io.ramtide.acquirer.agent.status.MetricsServer;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Terminal;
import java.util.OptionalInt;

/** An agent's metrics on 127.0.0.1, if they are wanted. */
public record MetricsPage(OptionalInt port, Terminal terminal, Cleanup cleanup) {

  /** Begins to serve, and says where; until the command ends. */
  public void of(Agent agent) {
    if (port.isEmpty()) {
      return;
    }
    try {
      MetricsServer server = cleanup.add(MetricsServer.start(port.getAsInt(), agent.view()));
      terminal.say("ramtide: metrics on http://127.0.0.1:%d/metrics".formatted(server.port()));
    } catch (MetricsServer.PortException e) {
      throw new Failure(ExitCode.LOCAL, e.getMessage(), e);
    }
  }
}
