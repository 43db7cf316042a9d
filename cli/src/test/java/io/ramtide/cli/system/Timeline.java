package io.ramtide.cli.system;

import io.ramtide.cli.render.JsonLines;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * What the topics tell of a domain, as JSON lines with the domain left out, so that two can be
 * compared.
 *
 * @param events process events and the ends of captures, in order
 * @param anomalies in order
 */
record Timeline(List<String> events, List<String> anomalies) {
  private static final AvroCodec<ProcessEvent> PROCESSES = AvroCodec.of(ProcessEvent.class);
  private static final AvroCodec<CaptureEvent> CAPTURES = AvroCodec.of(CaptureEvent.class);
  private static final AvroCodec<Anomaly> ANOMALIES = AvroCodec.of(Anomaly.class);

  /** Waits until a capture of the domain is correlated; gives all up to it. */
  static Timeline await(Cluster cluster, String domain, long capture) throws Exception {
    Timeline timeline = new Timeline(new ArrayList<>(), new ArrayList<>());
    int partition = Cluster.partitionOf(domain);
    long[] expected = {0, 0}; // Anomalies, and whether the last capture has come.
    try (KafkaConsumer<byte[], byte[]> consumer = cluster.consumer()) {
      consumer.assign(
          List.of(
              new TopicPartition(Topics.TIMELINE_PROCESS, partition),
              new TopicPartition(Topics.ANOMALIES, partition)));
      Await.until(
          "capture " + capture + " of " + domain + " is correlated",
          () -> {
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(100))) {
              if (new String(each.key(), StandardCharsets.UTF_8).equals(domain)) {
                CaptureEvent end = timeline.add(domain, each);
                if (end != null) {
                  expected[0] += end.getAnomalies();
                  expected[1] = Math.max(expected[1], end.getCapture());
                }
              }
            }
            return expected[1] >= capture && timeline.anomalies.size() >= expected[0];
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
      events.add(line("capture", domain, end));
      return end;
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
    Timeline timeline = new Timeline(new ArrayList<>(), new ArrayList<>());
    for (String line : lines) {
      (line.startsWith("{\"kind\":\"anomaly\"") ? timeline.anomalies : timeline.events)
          .add(line.replace(domain, "DOMAIN"));
    }
    return timeline;
  }
}
