package io.ramtide.cli.timeline;

import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import io.ramtide.schemas.CaptureEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What has come of one capture, from several topics in any order. */
final class CaptureParts {
  /** Each topic is in this order already; this only merges them. */
  private static final Comparator<TimelineRecord> BY_TIME =
      comparing(TimelineRecord::begin, nullsFirst(naturalOrder()));

  private final List<TimelineRecord> processes = new ArrayList<>();
  private final List<TimelineRecord> registry = new ArrayList<>();
  private final List<TimelineRecord> network = new ArrayList<>();
  private final List<TimelineRecord> anomalies = new ArrayList<>();
  private TimelineRecord.Capture capture;

  void add(TimelineRecord record) {
    if (record instanceof TimelineRecord.OfProcess) {
      processes.add(record);
    } else if (record instanceof TimelineRecord.OfRegistry) {
      registry.add(record);
    } else if (record instanceof TimelineRecord.OfNetwork) {
      network.add(record);
    } else if (record instanceof TimelineRecord.Alarm) {
      anomalies.add(record);
    } else if (record instanceof TimelineRecord.Capture end) {
      capture = end;
    }
  }

  /** Whether the capture's end has come, and all that it counts. */
  boolean isComplete() {
    if (capture == null) {
      return false;
    }
    CaptureEvent counts = capture.event();
    return processes.size() >= counts.getEvents()
        && registry.size() >= counts.getRegistryEvents()
        && network.size() >= counts.getNetworkEvents()
        && anomalies.size() >= counts.getAnomalies();
  }

  int size() {
    return processes.size() + registry.size() + network.size() + anomalies.size();
  }

  /** The events of all timelines by time, then the anomalies, then the capture's end if it came. */
  List<TimelineRecord> inOrder() {
    List<TimelineRecord> all = new ArrayList<>(processes);
    all.addAll(registry);
    all.addAll(network);
    all.sort(BY_TIME);
    all.addAll(anomalies);
    if (capture != null) {
      all.add(capture);
    }
    return all;
  }
}
