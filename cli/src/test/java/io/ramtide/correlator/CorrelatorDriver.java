package io.ramtide.correlator;

import io.ramtide.correlator.intake.Limits;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.Stores;

/** The correlator without a broker, for findings that a scanner made. */
public final class CorrelatorDriver implements AutoCloseable {
  private final FindingCodec codec = new FindingCodec();
  private final String domain;
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> input;

  public CorrelatorDriver(String domain, Path stateFolder) {
    this.domain = domain;
    driver =
        new TopologyTestDriver(
            CorrelatorTopology.build(Limits.DEFAULT, Stores::inMemoryKeyValueStore),
            StreamsSettings.of(
                Map.of("bootstrap.servers", "localhost:1"),
                new CorrelatorOptions("a", stateFolder)),
            Instant.EPOCH);
    input =
        driver.createInputTopic(
            Topics.FINDINGS, new ByteArraySerializer(), new ByteArraySerializer());
  }

  public void find(long capture, SpecificRecord finding) {
    input.pipeInput(
        domain.getBytes(StandardCharsets.UTF_8), codec.encode(domain, capture, finding));
  }

  /** What came to a topic since the last call, as far as it is of a type. */
  public <T extends SpecificRecord> List<T> take(String topic, Class<T> type)
      throws UnreadableRecordException {
    AvroCodec<T> records = AvroCodec.of(type);
    List<T> taken = new ArrayList<>();
    for (byte[] bytes :
        driver
            .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
            .readValuesToList()) {
      if (records.claims(bytes)) {
        taken.add(records.decode(bytes));
      }
    }
    return taken;
  }

  @Override
  public void close() {
    driver.close();
  }
}
