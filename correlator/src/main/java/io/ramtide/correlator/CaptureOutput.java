package io.ramtide.correlator;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.ecs.EcsDocuments;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * What one capture brings, each event with its document for the SIEM. It is held until {@link
 * #flush}, so that a defect shows before anything is written; but for the registry's events, which
 * do not fit into a heap.
 */
final class CaptureOutput {
  private static final List<String> TIMELINES =
      List.of(Topics.TIMELINE_PROCESS, Topics.TIMELINE_REGISTRY, Topics.TIMELINE_NETWORK);

  private final Output output;
  private final Capture capture;
  private final EcsDocuments documents;
  private final long timestamp;
  private final List<Runnable> held = new ArrayList<>();

  /**
   * @param timestamp of the records, milliseconds since 1970 UTC: never a time the guest chose,
   *     because retention goes by it
   */
  CaptureOutput(Output output, Capture capture, long timestamp) {
    this.output = output;
    this.capture = capture;
    this.documents = new EcsDocuments(capture);
    this.timestamp = timestamp;
  }

  Capture capture() {
    return capture;
  }

  void tell(ProcessEvent event) {
    hold(Topics.TIMELINE_PROCESS, output.encode(event), documents.of(event));
  }

  void tell(Anomaly anomaly) {
    hold(Topics.ANOMALIES, output.encode(anomaly), documents.of(anomaly));
  }

  void tell(NetworkEvent event) {
    hold(Topics.TIMELINE_NETWORK, output.encode(event), documents.of(event));
  }

  /** Writes it at once, after what is held. */
  void tell(RegistryEvent event) {
    hold(Topics.TIMELINE_REGISTRY, output.encode(event), documents.of(event));
    flush();
  }

  /** Writes the last of a capture. */
  void close(CaptureEvent event) {
    if (!capture.decoded()) {
      hold(Topics.SIEM, documents.ofFailure(event));
    }
    if (event.getRebooted()) {
      hold(Topics.SIEM, documents.ofReboot(event));
    }
    byte[] bytes = output.encode(event);
    TIMELINES.forEach(topic -> hold(topic, bytes));
    flush();
  }

  private void hold(String topic, byte[] event, byte[] document) {
    hold(topic, event);
    hold(Topics.SIEM, document);
  }

  private void hold(String topic, byte[] value) {
    held.add(() -> output.send(topic, capture.domain(), value, timestamp));
  }

  /** Writes what is held. */
  void flush() {
    held.forEach(Runnable::run);
    held.clear();
  }
}
