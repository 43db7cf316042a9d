package io.ramtide.correlator;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Sends records to the sinks, whose names are their topics. */
final class Output {
  private final AvroCodec<ProcessEvent> events = AvroCodec.of(ProcessEvent.class);
  private final AvroCodec<CaptureEvent> captures = AvroCodec.of(CaptureEvent.class);
  private final AvroCodec<Anomaly> anomalies = AvroCodec.of(Anomaly.class);
  private final AvroCodec<Rejected> rejections = AvroCodec.of(Rejected.class);
  private final ProcessorContext<byte[], byte[]> context;

  Output(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
  }

  /**
   * @param timestamp of the records, milliseconds since 1970 UTC: never a time the guest chose,
   *     because retention goes by it
   */
  void send(Correlation correlation, long timestamp) {
    String domain = correlation.captureEvent().getDomain();
    correlation
        .events()
        .forEach(e -> send(Topics.TIMELINE_PROCESS, domain, events.encode(e), timestamp));
    correlation
        .anomalies()
        .forEach(a -> send(Topics.ANOMALIES, domain, anomalies.encode(a), timestamp));
    correlation.documents().forEach(doc -> send(Topics.SIEM, domain, doc, timestamp));
    byte[] captureEvent = captures.encode(correlation.captureEvent());
    send(Topics.TIMELINE_PROCESS, domain, captureEvent, timestamp);
  }

  void send(Rejected rejected, long timestamp) {
    send(Topics.REJECTED, rejected.getTopic(), rejections.encode(rejected), timestamp);
  }

  private void send(String topic, String key, byte[] value, long timestamp) {
    context.forward(
        new Record<>(key.getBytes(StandardCharsets.UTF_8), value, Math.max(0, timestamp)), topic);
  }
}
