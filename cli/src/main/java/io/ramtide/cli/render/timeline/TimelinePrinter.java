package io.ramtide.cli.render.timeline;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;

/** Prints what the timelines bring. */
public interface TimelinePrinter {
  void process(ProcessEvent event);

  void registry(RegistryEvent event);

  void network(NetworkEvent event);

  void anomaly(Anomaly anomaly);

  void capture(CaptureEvent capture);
}
