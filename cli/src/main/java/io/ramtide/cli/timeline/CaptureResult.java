package io.ramtide.cli.timeline;

import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.schemas.CaptureEvent;
import java.util.List;

/**
 * What one capture brought.
 *
 * @param records the events by time, then the anomalies, then the capture's end
 */
public record CaptureResult(CaptureEvent capture, List<TimelineRecord> records) {
  public CaptureResult {
    records = List.copyOf(records);
  }

  public void print(TimelinePrinter printer) {
    records.forEach(record -> record.print(printer));
  }
}
