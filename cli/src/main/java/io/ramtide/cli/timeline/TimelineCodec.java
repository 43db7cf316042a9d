package io.ramtide.cli.timeline;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;

/** Reads record values of the topics that {@link TimelineReader} follows. */
final class TimelineCodec {
  private final AvroCodec<ProcessEvent> processes = AvroCodec.of(ProcessEvent.class);
  private final AvroCodec<CaptureEvent> captures = AvroCodec.of(CaptureEvent.class);
  private final AvroCodec<Anomaly> anomalies = AvroCodec.of(Anomaly.class);

  TimelineRecord decode(String topic, byte[] value) throws UnreadableRecordException {
    if (topic.equals(Topics.ANOMALIES)) {
      return new TimelineRecord.Alarm(anomalies.decode(value));
    }
    // Process events and the captures that they end with share a topic, to keep their order.
    return captures.claims(value)
        ? new TimelineRecord.Capture(captures.decode(value))
        : new TimelineRecord.Change(processes.decode(value));
  }
}
