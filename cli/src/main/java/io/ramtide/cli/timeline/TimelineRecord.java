package io.ramtide.cli.timeline;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.ProcessEvent;

/** A record on the timelines or the anomalies topic. */
public sealed interface TimelineRecord {
  /** The virtual machine's UUID. */
  String domain();

  /** The capture that shows it. */
  long capture();

  /** A change of a process. */
  record Change(ProcessEvent event) implements TimelineRecord {
    @Override
    public String domain() {
      return event.getDomain();
    }

    @Override
    public long capture() {
      return event.getCapture();
    }
  }

  /** Something that should not be. */
  record Alarm(Anomaly anomaly) implements TimelineRecord {
    @Override
    public String domain() {
      return anomaly.getDomain();
    }

    @Override
    public long capture() {
      return anomaly.getCapture();
    }
  }

  /** The end of a capture's events. */
  record Capture(CaptureEvent event) implements TimelineRecord {
    @Override
    public String domain() {
      return event.getDomain();
    }

    @Override
    public long capture() {
      return event.getCapture();
    }
  }
}
