package io.ramtide.bench.live;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Notes when what was committed; times as System.nanoTime. */
final class Told implements Closeable {
  /** A change that was told, in which capture and when. */
  record Event(long capture, long at) {}

  private static final Duration POLL = Duration.ofMillis(100);

  /** A consumer for each: the many findings must not hold up the events. */
  private static final List<List<String>> TOPICS =
      List.of(
          List.of(
              Topics.CAPTURES,
              Topics.TIMELINE_PROCESS,
              Topics.TIMELINE_REGISTRY,
              Topics.TIMELINE_NETWORK),
          List.of(Topics.FINDINGS));

  final Map<Long, Long> manifests = new ConcurrentHashMap<>();
  final Map<Long, Long> summaries = new ConcurrentHashMap<>();
  final Map<Long, Integer> findings = new ConcurrentHashMap<>();
  final Map<String, Event> events = new ConcurrentHashMap<>();
  final Map<Long, Long> correlated = new ConcurrentHashMap<>();

  /** How many captures were incomplete, by kind and reason. */
  final Map<String, Integer> incomplete = new ConcurrentHashMap<>();

  private final AvroCodec<Manifest> manifest = AvroCodec.of(Manifest.class);
  private final AvroCodec<CaptureEvent> capture = AvroCodec.of(CaptureEvent.class);
  private final AvroCodec<ProcessEvent> process = AvroCodec.of(ProcessEvent.class);
  private final AvroCodec<RegistryEvent> registry = AvroCodec.of(RegistryEvent.class);
  private final AvroCodec<NetworkEvent> network = AvroCodec.of(NetworkEvent.class);
  private final FindingCodec finding = new FindingCodec();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean stopped;

  Told(BrokerLink broker) {
    Map<String, Object> config = new HashMap<>(broker.clientConfig());
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "bench");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    for (List<String> topics : TOPICS) {
      var consumer =
          new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      consumer.assign(
          topics.stream()
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList());
      Thread thread = new Thread(() -> read(consumer), "bench-consumer");
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private void read(KafkaConsumer<byte[], byte[]> consumer) {
    while (!stopped) {
      for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
        try {
          note(each.topic(), each.value(), System.nanoTime());
        } catch (UnreadableRecordException e) {
          throw new IllegalStateException(each.topic() + "@" + each.offset(), e);
        }
      }
    }
    consumer.close();
  }

  @Override
  public void close() {
    stopped = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void note(String topic, byte[] value, long now) throws UnreadableRecordException {
    if (capture.claims(value)) {
      // The last of its three topics.
      CaptureEvent event = capture.decode(value);
      correlated.put(event.getCapture(), now);
      return;
    }
    switch (topic) {
      case Topics.CAPTURES -> manifests.put(manifest.decode(value).getCapture(), now);
      case Topics.FINDINGS -> {
        if (finding.kind(value).orElseThrow() == FindingKind.summary) {
          Summary summary = (Summary) finding.decode(value).body();
          summaries.put(summary.getCapture(), now);
          findings.put(summary.getCapture(), summary.getFindings());
          summary.getCoverage().stream()
              .filter(kind -> kind.getStatus() != CoverageStatus.complete)
              .forEach(
                  kind ->
                      incomplete.merge(kind.getKind() + ": " + kind.getDetail(), 1, Integer::sum));
        }
      }
      case Topics.TIMELINE_PROCESS -> {
        ProcessEvent event = process.decode(value);
        note(event.getType() + " " + event.getPid(), event.getCapture(), now);
      }
      case Topics.TIMELINE_REGISTRY -> {
        RegistryEvent event = registry.decode(value);
        note(event.getType() + " " + event.getValueName(), event.getCapture(), now);
      }
      default -> {
        NetworkEvent event = network.decode(value);
        note(event.getType() + " " + event.getLocalPort(), event.getCapture(), now);
      }
    }
  }

  private void note(String change, long number, long now) {
    events.putIfAbsent(change, new Event(number, now));
  }
}
