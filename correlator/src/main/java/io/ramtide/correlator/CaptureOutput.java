package io.ramtide.correlator;

import io.ramtide.correlator.capture.Capture;
import io.ramtide.correlator.ecs.EcsDocuments;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.Topics;
import java.util.List;

/** Writes what one capture brings, each with its document for the SIEM. */
final class CaptureOutput {
  private static final List<String> TIMELINES =
      List.of(Topics.TIMELINE_PROCESS, Topics.TIMELINE_REGISTRY, Topics.TIMELINE_NETWORK);

  private final Output output;
  private final Capture capture;
  private final EcsDocuments documents;
  private final long timestamp;

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

  void tell(ProcessEvent event) {
    send(Topics.TIMELINE_PROCESS, output.encode(event), documents.of(event));
  }

  void tell(Anomaly anomaly) {
    send(Topics.ANOMALIES, output.encode(anomaly), documents.of(anomaly));
  }

  void tell(RegistryEvent event) {
    send(Topics.TIMELINE_REGISTRY, output.encode(event), documents.of(event));
  }

  void tell(NetworkEvent event) {
    send(Topics.TIMELINE_NETWORK, output.encode(event), documents.of(event));
  }

  /** The last of a capture. */
  void close(CaptureEvent event) {
    if (!capture.decoded()) {
      output.send(Topics.SIEM, capture.domain(), documents.ofFailure(event), timestamp);
    }
    byte[] bytes = output.encode(event);
    TIMELINES.forEach(topic -> output.send(topic, capture.domain(), bytes, timestamp));
  }

  private void send(String topic, byte[] event, byte[] document) {
    output.send(topic, capture.domain(), event, timestamp);
    output.send(Topics.SIEM, capture.domain(), document, timestamp);
  }
}
