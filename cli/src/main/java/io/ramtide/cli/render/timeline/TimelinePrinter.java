package io.ramtide.cli.render.timeline;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.ProcessEvent;

/** Prints what the timelines bring. */
public interface TimelinePrinter {
  void event(ProcessEvent event);

  void anomaly(Anomaly anomaly);

  void capture(CaptureEvent capture);
}
