package io.ramtide.cli.timeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Merges the timelines of many domains, capture by capture: a capture's records are held until all
 * of them have come, so that they are in the order of time and the capture's end is last. What it
 * holds is bounded; what has waited in vain is let go as it is.
 */
final class CaptureMerger {
  /** Records that are held. */
  static final int MAX_HELD = 100_000;

  /** Captures that are remembered as through, for what still comes of them. */
  private static final int MAX_DONE = 10_000;

  private final Map<String, NavigableMap<Long, CaptureParts>> open = new LinkedHashMap<>();
  private final Set<Key> done = new LinkedHashSet<>();
  private int held;

  private record Key(String domain, long capture) {}

  /** Takes a record; returns what is to be printed now. */
  List<TimelineRecord> add(TimelineRecord record) {
    Key key = new Key(record.domain(), record.capture());
    if (done.contains(key)) {
      // Its end was printed. Events that come later all the same are not to be lost.
      return record instanceof TimelineRecord.Capture ? List.of() : List.of(record);
    }
    NavigableMap<Long, CaptureParts> captures =
        open.computeIfAbsent(key.domain(), any -> new TreeMap<>());
    CaptureParts parts = captures.computeIfAbsent(key.capture(), any -> new CaptureParts());
    held -= parts.size();
    parts.add(record);
    held += parts.size();
    List<TimelineRecord> ready = new ArrayList<>();
    // In their order: a later capture may be whole first, where topics come at different times.
    while (!captures.isEmpty() && captures.firstEntry().getValue().isComplete()) {
      ready.addAll(closeFirst(key.domain()));
    }
    while (held > MAX_HELD) {
      ready.addAll(closeFirst(open.keySet().iterator().next()));
    }
    return ready;
  }

  /** Lets go of all that is held. */
  List<TimelineRecord> flush() {
    List<TimelineRecord> all = new ArrayList<>();
    while (!open.isEmpty()) {
      all.addAll(closeFirst(open.keySet().iterator().next()));
    }
    return all;
  }

  private List<TimelineRecord> closeFirst(String domain) {
    NavigableMap<Long, CaptureParts> captures = open.get(domain);
    Map.Entry<Long, CaptureParts> first = captures.pollFirstEntry();
    if (captures.isEmpty()) {
      open.remove(domain);
    }
    held -= first.getValue().size();
    List<TimelineRecord> records = first.getValue().inOrder();
    if (records.get(records.size() - 1) instanceof TimelineRecord.Capture) {
      done.add(new Key(domain, first.getKey()));
      if (done.size() > MAX_DONE) {
        done.remove(done.iterator().next());
      }
    }
    return records;
  }
}
