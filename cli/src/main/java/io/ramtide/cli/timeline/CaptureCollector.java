package io.ramtide.cli.timeline;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.ProcessEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the records of one domain's captures together. A capture is complete when its capture event
 * has come and as many events and anomalies as that one counts: they are on different topics, so
 * that any of them may come last.
 */
final class CaptureCollector {
  private final String domain;
  private final Map<Long, Parts> captures = new HashMap<>();

  private static final class Parts {
    final List<ProcessEvent> events = new ArrayList<>();
    final List<Anomaly> anomalies = new ArrayList<>();
    CaptureEvent capture;
  }

  CaptureCollector(String domain) {
    this.domain = domain;
  }

  /** Takes a record and returns whether it is of this domain. */
  boolean add(TimelineRecord record) {
    if (!record.domain().equals(domain)) {
      return false;
    }
    Parts parts = captures.computeIfAbsent(record.capture(), number -> new Parts());
    if (record instanceof TimelineRecord.Change change) {
      parts.events.add(change.event());
    } else if (record instanceof TimelineRecord.Alarm alarm) {
      parts.anomalies.add(alarm.anomaly());
    } else if (record instanceof TimelineRecord.Capture capture) {
      parts.capture = capture.event();
    }
    return true;
  }

  /** The capture, once it is complete; then it is forgotten. */
  Optional<CaptureResult> take(long capture) {
    Parts parts = captures.get(capture);
    if (parts == null
        || parts.capture == null
        || parts.events.size() < parts.capture.getEvents()
        || parts.anomalies.size() < parts.capture.getAnomalies()) {
      return Optional.empty();
    }
    captures.remove(capture);
    return Optional.of(new CaptureResult(parts.capture, parts.events, parts.anomalies));
  }
}
