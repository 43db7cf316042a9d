package io.ramtide.cli.changes;

import io.ramtide.cli.system.Cluster;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What the broker's timelines tell of a domain, as {@link EventTexts} has it. */
final class ToldEvents {
  private static final AvroCodec<ProcessEvent> PROCESSES = AvroCodec.of(ProcessEvent.class);
  private static final AvroCodec<RegistryEvent> REGISTRY = AvroCodec.of(RegistryEvent.class);
  private static final AvroCodec<NetworkEvent> NETWORK = AvroCodec.of(NetworkEvent.class);
  private static final AvroCodec<Anomaly> ANOMALIES = AvroCodec.of(Anomaly.class);
  private static final AvroCodec<CaptureEvent> CAPTURES = AvroCodec.of(CaptureEvent.class);

  private final Cluster cluster;
  private final String domain;

  /** An event, and the capture that it came with. */
  record Told(long capture, String text) {}

  ToldEvents(Cluster cluster, String domain) {
    this.cluster = cluster;
    this.domain = domain;
  }

  /** Whether all timelines have come to a capture. */
  boolean have(long capture) throws UnreadableRecordException {
    for (String topic :
        List.of(Topics.TIMELINE_PROCESS, Topics.TIMELINE_REGISTRY, Topics.TIMELINE_NETWORK)) {
      long last = 0;
      for (byte[] value : values(topic)) {
        if (CAPTURES.claims(value)) {
          last = Math.max(last, CAPTURES.decode(value).getCapture());
        }
      }
      if (last < capture) {
        return false;
      }
    }
    return true;
  }

  /** The captures' ends, in order. */
  List<CaptureEvent> captures() throws UnreadableRecordException {
    List<CaptureEvent> captures = new ArrayList<>();
    for (byte[] value : values(Topics.TIMELINE_PROCESS)) {
      if (CAPTURES.claims(value)) {
        captures.add(CAPTURES.decode(value));
      }
    }
    return captures;
  }

  /** Events of processes, registry and network, then anomalies, each in order. */
  List<Told> all() throws UnreadableRecordException {
    List<Told> told = new ArrayList<>();
    for (byte[] value : values(Topics.TIMELINE_PROCESS)) {
      if (PROCESSES.claims(value)) {
        ProcessEvent event = PROCESSES.decode(value);
        told.add(new Told(event.getCapture(), EventTexts.of(event)));
      }
    }
    for (byte[] value : values(Topics.TIMELINE_REGISTRY)) {
      if (REGISTRY.claims(value)) {
        RegistryEvent event = REGISTRY.decode(value);
        told.add(new Told(event.getCapture(), EventTexts.of(event)));
      }
    }
    for (byte[] value : values(Topics.TIMELINE_NETWORK)) {
      if (NETWORK.claims(value)) {
        NetworkEvent event = NETWORK.decode(value);
        told.add(new Told(event.getCapture(), EventTexts.of(event)));
      }
    }
    for (byte[] value : values(Topics.ANOMALIES)) {
      Anomaly anomaly = ANOMALIES.decode(value);
      told.add(new Told(anomaly.getCapture(), EventTexts.of(anomaly)));
    }
    return told;
  }

  private List<byte[]> values(String topic) {
    Stream<ConsumerRecord<byte[], byte[]>> records = cluster.records(topic).stream();
    return records
        .filter(each -> new String(each.key(), StandardCharsets.UTF_8).equals(domain))
        .map(ConsumerRecord::value)
        .toList();
  }
}
