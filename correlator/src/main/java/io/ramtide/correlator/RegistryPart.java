package io.ramtide.correlator;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.registry.RegistryTimeline;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.schemas.FindingKind;
import java.util.ArrayList;
import java.util.List;

/** What a capture brings to the registry of its domain. */
final class RegistryPart {
  private final RegistryTimeline timeline;

  RegistryPart(RegistryTimeline timeline) {
    this.timeline = timeline;
  }

  /**
   * @param keys known after the capture
   * @param notes what is missing
   * @param conclusive whether the capture could have seen every loaded hive
   */
  record Outcome(int events, int keys, List<String> notes, boolean conclusive) {}

  /** Key by key: what a registry has does not fit into a heap. */
  Outcome correlate(DomainState domain, CaptureOutput output) {
    Capture capture = output.capture();
    if (!capture.decoded()) {
      return new Outcome(0, timeline.known(capture.domain()), List.of(), false);
    }
    RegistryTimeline.Result result = timeline.take(domain, capture, output::tell);
    return new Outcome(result.events(), result.keys(), notes(capture, result), result.conclusive());
  }

  private static List<String> notes(Capture capture, RegistryTimeline.Result result) {
    List<String> notes = new ArrayList<>();
    int hives = capture.dropped(FindingKind.hive);
    if (hives > 0) {
      int kept = capture.hives().size();
      notes.add("only %d of %d hives were correlated".formatted(kept, kept + hives));
    }
    int lost =
        capture.dropped(FindingKind.registryKey)
            + capture.dropped(FindingKind.registryKeyGone)
            + result.unfollowed();
    if (lost > 0) {
      notes.add("%d registry keys were left out: there are too many".formatted(lost));
    }
    if (result.gaps() > 0) {
      notes.add(
          "changes of %d hives follow on a capture that is not known".formatted(result.gaps()));
    }
    return notes;
  }
}
