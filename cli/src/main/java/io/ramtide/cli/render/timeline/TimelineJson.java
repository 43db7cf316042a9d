package io.ramtide.cli.render.timeline;

import io.ramtide.cli.render.JsonLines;
import io.ramtide.cli.term.Terminal;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;

/** The timeline as JSON Lines, as it is on its topics. */
public final class TimelineJson implements TimelinePrinter {
  private final Terminal terminal;

  public TimelineJson(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void process(ProcessEvent event) {
    terminal.line(JsonLines.of("processEvent", event));
  }

  @Override
  public void registry(RegistryEvent event) {
    terminal.line(JsonLines.of("registryEvent", event));
  }

  @Override
  public void network(NetworkEvent event) {
    terminal.line(JsonLines.of("networkEvent", event));
  }

  @Override
  public void anomaly(Anomaly anomaly) {
    terminal.line(JsonLines.of("anomaly", anomaly));
  }

  @Override
  public void capture(CaptureEvent capture) {
    terminal.line(JsonLines.of("capture", capture));
  }
}
