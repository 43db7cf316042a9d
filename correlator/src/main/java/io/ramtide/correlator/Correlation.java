package io.ramtide.correlator;

import io.ramtide.correlator.ecs.EcsDocuments;
import io.ramtide.correlator.process.Capture;
import io.ramtide.correlator.process.ProcessTimeline;
import io.ramtide.correlator.rule.Rules;
import io.ramtide.correlator.state.DomainState;
import io.ramtide.correlator.state.TrackedProcess;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.Summary;
import java.util.ArrayList;
import java.util.List;

/**
 * What a closed capture brings: records to write and the state after it. A function of the state
 * before and the capture alone.
 */
record Correlation(
    DomainState domain,
    List<TrackedProcess> processes,
    List<ProcessEvent> events,
    List<Anomaly> anomalies,
    CaptureEvent captureEvent,
    List<byte[]> documents) {

  static Correlation of(DomainState before, List<TrackedProcess> tracked, Capture capture) {
    List<ProcessEvent> events = List.of();
    List<Anomaly> anomalies = List.of();
    List<TrackedProcess> processes = tracked;
    long nextProcess = before.getNextProcess();
    if (capture.decoded()) {
      ProcessTimeline.Difference difference = ProcessTimeline.of(before, tracked, capture);
      Rules.Outcome outcome = Rules.apply(before, capture, difference.steps());
      events = difference.events();
      anomalies = outcome.anomalies();
      processes = new ArrayList<>(outcome.processes());
      processes.addAll(difference.unseen());
      nextProcess = difference.nextProcess();
    }
    DomainState after =
        new DomainState(
            capture.number(),
            capture.decoded() ? capture.moment() : before.getLastDecoded(),
            capture.conclusive() ? capture.moment() : before.getLastConclusive(),
            nextProcess,
            null);
    CaptureEvent captureEvent = captureEvent(capture, events.size(), anomalies.size());
    return new Correlation(
        after,
        processes,
        events,
        anomalies,
        captureEvent,
        documents(capture, events, anomalies, captureEvent));
  }

  private static CaptureEvent captureEvent(Capture capture, int events, int anomalies) {
    Summary summary = capture.summary();
    return CaptureEvent.newBuilder()
        .setDomain(capture.domain())
        .setCapture(capture.number())
        .setStatus(summary.getStatus())
        .setDetail(detail(capture))
        .setTime(capture.time())
        .setProcesses(capture.processes().size())
        .setEvents(events)
        .setAnomalies(anomalies)
        .setActiveList(summary.getActiveList())
        .setActiveListDetail(summary.getActiveListDetail())
        .setUnreadableFrames(summary.getUnreadableFrames())
        .build();
  }

  private static String detail(Capture capture) {
    String detail = capture.summary().getDetail();
    if (capture.dropped() == 0) {
      return detail;
    }
    int kept = capture.processes().size();
    String dropped =
        "only %d of %d processes were correlated".formatted(kept, kept + capture.dropped());
    return detail == null ? dropped : detail + "; " + dropped;
  }

  private static List<byte[]> documents(
      Capture capture, List<ProcessEvent> events, List<Anomaly> anomalies, CaptureEvent event) {
    EcsDocuments ecs = new EcsDocuments(capture);
    List<byte[]> documents = new ArrayList<>(events.size() + anomalies.size());
    events.forEach(e -> documents.add(ecs.of(e)));
    anomalies.forEach(a -> documents.add(ecs.of(a)));
    if (!capture.decoded()) {
      documents.add(ecs.ofFailure(event));
    }
    return documents;
  }
}
