package io.ramtide.cli.demo;

import io.ramtide.cli.render.ProcessTree;
import io.ramtide.cli.timeline.CaptureResult;
import io.ramtide.cli.timeline.TimelineRecord;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.ProcessEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every process that the timeline told of, from its first event to its last. */
final class Lifetimes {
  private final Map<Key, ProcessTree.Node> nodes = new LinkedHashMap<>();
  private final List<Anomaly> anomalies = new ArrayList<>();

  /** A PID is used again; with its create time it is one process. */
  private record Key(long pid, Long createTime) {}

  void add(CaptureResult result) {
    for (TimelineRecord record : result.records()) {
      if (record instanceof TimelineRecord.OfProcess change) {
        add(change.event());
      } else if (record instanceof TimelineRecord.Alarm alarm) {
        anomalies.add(alarm.anomaly());
      }
    }
  }

  private void add(ProcessEvent event) {
    nodes.merge(
        new Key(event.getPid(), event.getCreateTime()),
        new ProcessTree.Node(
            event.getPid(),
            event.getParentPid(),
            event.getImageName(),
            event.getCreateTime(),
            event.getExitTime(),
            ""),
        (before, now) -> now);
  }

  boolean isEmpty() {
    return nodes.isEmpty();
  }

  List<Anomaly> anomalies() {
    return anomalies;
  }

  /** All processes, those with an anomaly marked by the rule's name. */
  List<ProcessTree.Node> nodes() {
    for (Anomaly anomaly : anomalies) {
      if (anomaly.getPid() != null) {
        nodes.computeIfPresent(
            new Key(anomaly.getPid(), anomaly.getCreateTime()),
            (key, node) ->
                new ProcessTree.Node(
                    node.pid(),
                    node.parentPid(),
                    node.name(),
                    node.createTime(),
                    node.exitTime(),
                    anomaly.getRule()));
      }
    }
    return List.copyOf(nodes.values());
  }
}
