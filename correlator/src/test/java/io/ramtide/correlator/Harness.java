package io.ramtide.correlator;

import static io.ramtide.correlator.Samples.DOMAIN;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ramtide.correlator.intake.Limits;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.ProcessFinding;
import io.ramtide.schemas.RegistryEvent;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Summary;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;

/** The topology without a broker; what it wrote is kept in order. */
final class Harness implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-02T13:00:00Z");
  private static final List<String> OUTPUTS =
      List.of(
          Topics.TIMELINE_PROCESS,
          Topics.TIMELINE_REGISTRY,
          Topics.TIMELINE_NETWORK,
          Topics.ANOMALIES,
          Topics.SIEM,
          Topics.REJECTED);

  private final FindingCodec findings = new FindingCodec();
  private final Map<String, List<TestRecord<byte[], byte[]>>> written = new HashMap<>();
  private final Path stateFolder;
  private final Topology topology;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> input;

  /** With stores in memory: a test opens and closes one in milliseconds. */
  Harness(Path stateFolder) {
    this(stateFolder, Limits.DEFAULT);
  }

  Harness(Path stateFolder, Limits limits) {
    this(stateFolder, CorrelatorTopology.build(limits, Stores::inMemoryKeyValueStore));
  }

  Harness(Path stateFolder, Topology topology) {
    this.stateFolder = stateFolder;
    this.topology = topology;
    open();
  }

  private void open() {
    var settings =
        StreamsSettings.of(
            Map.of("bootstrap.servers", "localhost:1"), new CorrelatorOptions("a", stateFolder));
    driver = new TopologyTestDriver(topology, settings, NOW);
    input =
        driver.createInputTopic(
            Topics.FINDINGS, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** A new instance with nothing but what the stores hold: the driver wipes its state folder. */
  void restart() {
    Map<String, List<KeyValue<String, byte[]>>> stores = new HashMap<>();
    for (String store : driver.getAllStateStores().keySet()) {
      try (var entries = driver.<String, byte[]>getKeyValueStore(store).all()) {
        entries.forEachRemaining(e -> stores.computeIfAbsent(store, s -> new ArrayList<>()).add(e));
      }
    }
    driver.close();
    open();
    stores.forEach((store, e) -> driver.<String, byte[]>getKeyValueStore(store).putAll(e));
  }

  /** Bytes of the largest record in any store. */
  int largestState() {
    int largest = 0;
    for (String store : driver.getAllStateStores().keySet()) {
      try (var entries = driver.<String, byte[]>getKeyValueStore(store).all()) {
        while (entries.hasNext()) {
          largest = Math.max(largest, entries.next().value.length);
        }
      }
    }
    return largest;
  }

  void pipe(byte[] key, byte[] value) {
    input.pipeInput(new TestRecord<>(key, value, NOW));
    for (String topic : OUTPUTS) {
      var output =
          driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      written.computeIfAbsent(topic, t -> new ArrayList<>()).addAll(output.readRecordsToList());
    }
  }

  void find(long capture, SpecificRecord body) {
    find(DOMAIN, capture, body);
  }

  void find(String domain, long capture, SpecificRecord body) {
    pipe(bytes(domain), findings.encode(domain, capture, body));
  }

  /** A whole capture, complete and of one moment. */
  void capture(long number, double seconds, ProcessFinding.Builder... processes) {
    capture(number, seconds, summary -> {}, processes);
  }

  void capture(
      long number,
      double seconds,
      Consumer<Summary.Builder> change,
      ProcessFinding.Builder... processes) {
    find(number, Samples.system());
    for (ProcessFinding.Builder process : processes) {
      find(number, process.build());
    }
    Summary.Builder summary = Samples.summary(processes.length + 1, seconds);
    change.accept(summary);
    find(number, summary.build());
  }

  List<ProcessEvent> events() {
    return decode(Topics.TIMELINE_PROCESS, ProcessEvent.class);
  }

  /** Events of one capture, e.g. "started evil.exe". */
  List<String> events(long capture) {
    return events().stream()
        .filter(event -> event.getCapture() == capture)
        .map(event -> event.getType() + " " + event.getImageName())
        .toList();
  }

  List<NetworkEvent> networkEvents() {
    return decode(Topics.TIMELINE_NETWORK, NetworkEvent.class);
  }

  List<RegistryEvent> registryEvents() {
    return decode(Topics.TIMELINE_REGISTRY, RegistryEvent.class);
  }

  List<CaptureEvent> captures() {
    return decode(Topics.TIMELINE_PROCESS, CaptureEvent.class);
  }

  List<Anomaly> anomalies() {
    return decode(Topics.ANOMALIES, Anomaly.class);
  }

  List<Rejected> rejected() {
    return decode(Topics.REJECTED, Rejected.class);
  }

  List<JsonNode> siem() {
    return records(Topics.SIEM).stream().map(message -> json(message.value())).toList();
  }

  List<TestRecord<byte[], byte[]>> records(String topic) {
    return written.getOrDefault(topic, List.of());
  }

  private <T extends SpecificRecord> List<T> decode(String topic, Class<T> type) {
    AvroCodec<T> codec = AvroCodec.of(type);
    List<T> decoded = new ArrayList<>();
    for (var message : records(topic)) {
      try {
        if (codec.claims(message.value())) {
          decoded.add(codec.decode(message.value()));
        }
      } catch (UnreadableRecordException e) {
        throw new AssertionError(e);
      }
    }
    return decoded;
  }

  private static JsonNode json(byte[] bytes) {
    try {
      return new ObjectMapper().readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    driver.close();
  }
}
