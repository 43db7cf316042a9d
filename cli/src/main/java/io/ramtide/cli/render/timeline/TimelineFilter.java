package io.ramtide.cli.render.timeline;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import java.util.Set;

/** Prints the events of some timelines, and every anomaly and capture. */
public record TimelineFilter(TimelinePrinter printer, Set<Timeline> wanted)
    implements TimelinePrinter {
  public TimelineFilter {
    wanted = Set.copyOf(wanted);
  }

  /** The timelines, by the names that users give them. */
  public enum Timeline {
    process,
    registry,
    network
  }

  @Override
  public void process(ProcessEvent event) {
    if (wanted.contains(Timeline.process)) {
      printer.process(event);
    }
  }

  @Override
  public void registry(RegistryEvent event) {
    if (wanted.contains(Timeline.registry)) {
      printer.registry(event);
    }
  }

  @Override
  public void network(NetworkEvent event) {
    if (wanted.contains(Timeline.network)) {
      printer.network(event);
    }
  }

  @Override
  public void anomaly(Anomaly anomaly) {
    printer.anomaly(anomaly);
  }

  @Override
  public void capture(CaptureEvent capture) {
    printer.capture(capture);
  }
}
