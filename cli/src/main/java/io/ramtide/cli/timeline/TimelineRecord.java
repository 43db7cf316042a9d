package io.ramtide.cli.timeline;

import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;

/** A record on the timelines or the anomalies topic. */
public sealed interface TimelineRecord {
  /** The virtual machine's UUID. */
  String domain();

  /** The capture that shows it. */
  long capture();

  /** When it happened, or since when it may have: 100 ns since 1601 UTC; null: not known. */
  Long begin();

  void print(TimelinePrinter printer);

  /** A change of a process. */
  record OfProcess(ProcessEvent event) implements TimelineRecord {
    @Override
    public String domain() {
      return event.getDomain();
    }

    @Override
    public long capture() {
      return event.getCapture();
    }

    @Override
    public Long begin() {
      return event.getTime() != null ? event.getTime() : event.getNotBefore();
    }

    @Override
    public void print(TimelinePrinter printer) {
      printer.process(event);
    }
  }

  /** A change in the registry. */
  record OfRegistry(RegistryEvent event) implements TimelineRecord {
    @Override
    public String domain() {
      return event.getDomain();
    }

    @Override
    public long capture() {
      return event.getCapture();
    }

    @Override
    public Long begin() {
      return event.getTime() != null ? event.getTime() : event.getNotBefore();
    }

    @Override
    public void print(TimelinePrinter printer) {
      printer.registry(event);
    }
  }

  /** A change of an endpoint. */
  record OfNetwork(NetworkEvent event) implements TimelineRecord {
    @Override
    public String domain() {
      return event.getDomain();
    }

    @Override
    public long capture() {
      return event.getCapture();
    }

    @Override
    public Long begin() {
      return event.getTime() != null ? event.getTime() : event.getNotBefore();
    }

    @Override
    public void print(TimelinePrinter printer) {
      printer.network(event);
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

    @Override
    public Long begin() {
      return anomaly.getNotBefore();
    }

    @Override
    public void print(TimelinePrinter printer) {
      printer.anomaly(anomaly);
    }
  }

  /** The end of a capture's events; each timeline has one of its own, and all are the same. */
  record Capture(CaptureEvent event) implements TimelineRecord {
    @Override
    public String domain() {
      return event.getDomain();
    }

    @Override
    public long capture() {
      return event.getCapture();
    }

    @Override
    public Long begin() {
      return event.getTime();
    }

    @Override
    public void print(TimelinePrinter printer) {
      printer.capture(event);
    }
  }
}
