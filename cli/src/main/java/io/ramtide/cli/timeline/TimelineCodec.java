package io.ramtide.cli.timeline;

import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;

/** Reads record values of the topics that {@link TimelineReader} follows. */
final class TimelineCodec {
  private final AvroCodec<ProcessEvent> processes = AvroCodec.of(ProcessEvent.class);
  private final AvroCodec<RegistryEvent> registry = AvroCodec.of(RegistryEvent.class);
  private final AvroCodec<NetworkEvent> network = AvroCodec.of(NetworkEvent.class);
  private final AvroCodec<CaptureEvent> captures = AvroCodec.of(CaptureEvent.class);
  private final AvroCodec<Anomaly> anomalies = AvroCodec.of(Anomaly.class);

  TimelineRecord decode(String topic, byte[] value) throws UnreadableRecordException {
    // Events and the captures that they end with share a topic, to keep their order.
    if (captures.claims(value)) {
      return new TimelineRecord.Capture(captures.decode(value));
    }
    return switch (topic) {
      case Topics.TIMELINE_REGISTRY -> new TimelineRecord.OfRegistry(registry.decode(value));
      case Topics.TIMELINE_NETWORK -> new TimelineRecord.OfNetwork(network.decode(value));
      case Topics.ANOMALIES -> new TimelineRecord.Alarm(anomalies.decode(value));
      default -> new TimelineRecord.OfProcess(processes.decode(value));
    };
  }
}
