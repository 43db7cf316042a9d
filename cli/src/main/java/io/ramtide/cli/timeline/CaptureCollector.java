package io.ramtide.cli.timeline;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the records of one domain's captures together. A capture is complete when a capture event
 * has come and as many events and anomalies as that one counts: they are on different topics, so
 * that any of them may come last.
 */
final class CaptureCollector {
  private final String domain;
  private final Map<Long, CaptureParts> captures = new HashMap<>();
  private long taken;

  CaptureCollector(String domain) {
    this.domain = domain;
  }

  /** Takes a record and returns whether it is of this domain. */
  boolean add(TimelineRecord record) {
    if (!record.domain().equals(domain)) {
      return false;
    }
    // Behind the last event of a capture, other topics have its end once more.
    if (record.capture() > taken) {
      captures.computeIfAbsent(record.capture(), number -> new CaptureParts()).add(record);
    }
    return true;
  }

  /** The capture, once it is complete; then it and those before it are forgotten. */
  Optional<CaptureResult> take(long capture) {
    CaptureParts parts = captures.get(capture);
    if (parts == null || !parts.isComplete()) {
      return Optional.empty();
    }
    taken = capture;
    captures.keySet().removeIf(number -> number <= capture);
    List<TimelineRecord> records = parts.inOrder();
    TimelineRecord.Capture end = (TimelineRecord.Capture) records.get(records.size() - 1);
    return Optional.of(new CaptureResult(end.event(), records));
  }
}
