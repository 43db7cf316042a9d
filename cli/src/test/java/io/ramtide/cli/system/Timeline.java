package io.ramtide.cli.system;

import io.ramtide.cli.render.JsonLines;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What the topics tell of a domain, as JSON lines with the domain left out, so that two can be
 * compared.
 *
 * @param events process events and the ends of captures, in order
 * @param others registry and network events, sorted: printing mixes the two by time
 * @param anomalies in order
 */
record Timeline(List<String> events, SortedSet<String> others, List<String> anomalies) {
  private static final List<String> TIMELINES =
      List.of(Topics.TIMELINE_PROCESS, Topics.TIMELINE_REGISTRY, Topics.TIMELINE_NETWORK);
  private static final AvroCodec<RegistryEvent> REGISTRY = AvroCodec.of(RegistryEvent.class);
  private static final AvroCodec<NetworkEvent> NETWORK = AvroCodec.of(NetworkEvent.class);
  private static final AvroCodec<ProcessEvent> PROCESSES = AvroCodec.of(ProcessEvent.class);
  private static final AvroCodec<CaptureEvent> CAPTURES = AvroCodec.of(CaptureEvent.class);
  private static final AvroCodec<Anomaly> ANOMALIES = AvroCodec.of(Anomaly.class);

  /** Waits until a capture of the domain is correlated; gives all up to it. */
  static Timeline await(Cluster cluster, String domain, long capture) throws Exception {
    Timeline timeline = empty();
    int partition = Cluster.partitionOf(domain);
    List<TopicPartition> topics = new ArrayList<>();
    TIMELINES.forEach(topic -> topics.add(new TopicPartition(topic, partition)));
    topics.add(new TopicPartition(Topics.ANOMALIES, partition));
    long[] expected = {0}; // Anomalies.
    Map<String, Long> ended = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer = cluster.consumer()) {
      consumer.assign(topics);
      Await.until(
          "capture " + capture + " of " + domain + " is correlated",
          () -> {
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(100))) {
              if (new String(each.key(), StandardCharsets.UTF_8).equals(domain)) {
                CaptureEvent end = timeline.add(domain, each);
                if (end != null) {
                  expected[0] += each.topic().equals(TIMELINES.get(0)) ? end.getAnomalies() : 0;
                  ended.merge(each.topic(), end.getCapture(), Math::max);
                }
              }
            }
            return TIMELINES.stream().allMatch(topic -> ended.getOrDefault(topic, 0L) >= capture)
                && timeline.anomalies.size() >= expected[0];
          },
          timeline::toString);
    }
    return timeline;
  }

  /** Takes a record; gives it back if it ends a capture. What cannot be read is left out. */
  private CaptureEvent add(String domain, ConsumerRecord<byte[], byte[]> record) {
    try {
      return decode(domain, record);
    } catch (UnreadableRecordException e) {
      return null;
    }
  }

  private CaptureEvent decode(String domain, ConsumerRecord<byte[], byte[]> record)
      throws UnreadableRecordException {
    byte[] value = record.value();
    if (record.topic().equals(Topics.ANOMALIES)) {
      if (ANOMALIES.claims(value)) {
        anomalies.add(line("anomaly", domain, ANOMALIES.decode(value)));
      }
    } else if (CAPTURES.claims(value)) {
      CaptureEvent end = CAPTURES.decode(value);
      if (record.topic().equals(Topics.TIMELINE_PROCESS)) {
        events.add(line("capture", domain, end));
      }
      return end;
    } else if (REGISTRY.claims(value)) {
      others.add(line("registryEvent", domain, REGISTRY.decode(value)));
    } else if (NETWORK.claims(value)) {
      others.add(line("networkEvent", domain, NETWORK.decode(value)));
    } else if (PROCESSES.claims(value)) {
      events.add(line("processEvent", domain, PROCESSES.decode(value)));
    }
    return null;
  }

  private static String line(
      String kind, String domain, org.apache.avro.generic.IndexedRecord record) {
    return JsonLines.of(kind, record).replace(domain, "DOMAIN");
  }

  /** The same of lines that a command printed. */
  static Timeline ofLines(String domain, List<String> lines) {
    Timeline timeline = empty();
    for (String line : lines) {
      timeline.listOf(line).add(line.replace(domain, "DOMAIN"));
    }
    return timeline;
  }

  private Collection<String> listOf(String line) {
    if (line.startsWith("{\"kind\":\"anomaly\"")) {
      return anomalies;
    }
    return line.startsWith("{\"kind\":\"registryEvent\"")
            || line.startsWith("{\"kind\":\"networkEvent\"")
        ? others
        : events;
  }

  private static Timeline empty() {
    return new Timeline(new ArrayList<>(), new TreeSet<>(), new ArrayList<>());
  }
}
