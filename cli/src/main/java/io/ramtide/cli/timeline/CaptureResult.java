package io.ramtide.cli.timeline;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.ProcessEvent;
import java.util.List;

/** What one capture brought, in the order of the topics. */
public record CaptureResult(
    CaptureEvent capture, List<ProcessEvent> events, List<Anomaly> anomalies) {
  public CaptureResult {
    events = List.copyOf(events);
    anomalies = List.copyOf(anomalies);
  }
}
