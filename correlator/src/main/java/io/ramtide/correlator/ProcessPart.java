package io.ramtide.correlator;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.process.ProcessTimeline;
import io.ramtide.correlator.rule.Rules;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.correlator.state.ProcessStore;
import io.ramtide.correlator.state.TrackedProcess;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.ProcessEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a capture brings to the processes of its domain. */
final class ProcessPart {
  private final ProcessStore store;

  ProcessPart(ProcessStore store) {
    this.store = store;
  }

  /**
   * @param before as the store has them
   * @param after with what the rules remember
   */
  record Outcome(
      List<TrackedProcess> before,
      List<TrackedProcess> after,
      List<ProcessEvent> events,
      List<Anomaly> anomalies,
      long nextProcess) {}

  /**
   * Tells what changed; writes nothing yet.
   *
   * @param domain without a last decoded capture: nothing is compared with what the store has
   */
  Outcome compare(DomainState domain, CaptureOutput output) {
    Capture capture = output.capture();
    List<TrackedProcess> before = store.all(capture.domain());
    if (!capture.decoded()) {
      return new Outcome(before, before, List.of(), List.of(), domain.getNextProcess());
    }
    List<TrackedProcess> known = domain.getLastDecoded() == null ? List.of() : before;
    ProcessTimeline.Difference difference = ProcessTimeline.of(domain, known, capture);
    Rules.Outcome outcome = Rules.apply(domain, capture, difference.steps());
    List<TrackedProcess> after = new ArrayList<>(outcome.processes());
    after.addAll(difference.unseen());
    difference.events().forEach(output::tell);
    outcome.anomalies().forEach(output::tell);
    return new Outcome(
        before, after, difference.events(), outcome.anomalies(), difference.nextProcess());
  }

  void write(String domain, Outcome outcome) {
    store.replace(domain, outcome.before(), outcome.after());
  }

  /** What is missing. */
  static Optional<String> note(Capture capture) {
    int dropped = capture.dropped(FindingKind.process);
    int kept = capture.processes().size();
    return dropped == 0
        ? Optional.empty()
        : Optional.of("only %d of %d processes were correlated".formatted(kept, kept + dropped));
  }
}
