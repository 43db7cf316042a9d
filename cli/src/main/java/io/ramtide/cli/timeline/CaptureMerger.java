package io.ramtide.cli.timeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

  private final Map<Key, CaptureParts> open = new LinkedHashMap<>();
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
    CaptureParts parts = open.computeIfAbsent(key, any -> new CaptureParts());
    held -= parts.size();
    parts.add(record);
    held += parts.size();
    if (parts.isComplete()) {
      return close(key);
    }
    List<TimelineRecord> overflow = new ArrayList<>();
    while (held > MAX_HELD) {
      overflow.addAll(close(open.keySet().iterator().next()));
    }
    return overflow;
  }

  /** Lets go of all that is held. */
  List<TimelineRecord> flush() {
    List<TimelineRecord> all = new ArrayList<>();
    while (!open.isEmpty()) {
      all.addAll(close(open.keySet().iterator().next()));
    }
    return all;
  }

  private List<TimelineRecord> close(Key key) {
    CaptureParts parts = open.remove(key);
    held -= parts.size();
    List<TimelineRecord> records = parts.inOrder();
    if (records.get(records.size() - 1) instanceof TimelineRecord.Capture) {
      done.add(key);
      if (done.size() > MAX_DONE) {
        done.remove(done.iterator().next());
      }
    }
    return records;
  }
}
