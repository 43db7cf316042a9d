package io.ramtide.correlator;

import io.ramtide.correlator.intake.Limits;
import io.ramtide.correlator.state.DomainStore;
import io.ramtide.correlator.state.EndpointStore;
import io.ramtide.correlator.state.FindingBuffer;
import io.ramtide.correlator.state.HiveStore;
import io.ramtide.correlator.state.KeyStore;
import io.ramtide.correlator.state.ProcessStore;
import io.ramtide.schemas.Topics;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * One source, one processor, a sink for each output topic. Everything crosses Kafka as bytes: what
 * cannot be decoded is then a record to reject, not the end of the stream.
 */
final class CorrelatorTopology {
  private static final String PROCESSOR = "correlate";
  static final List<String> OUTPUTS =
      List.of(
          Topics.TIMELINE_PROCESS,
          Topics.TIMELINE_REGISTRY,
          Topics.TIMELINE_NETWORK,
          Topics.ANOMALIES,
          Topics.SIEM,
          Topics.REJECTED);
  private static final List<String> STORES =
      List.of(
          FindingBuffer.NAME,
          ProcessStore.NAME,
          HiveStore.NAME,
          KeyStore.NAME,
          KeyStore.OPEN,
          EndpointStore.NAME);

  private CorrelatorTopology() {}

  /** On disk: see the README for why. */
  static Topology build(Limits limits) {
    return build(limits, Stores::persistentKeyValueStore);
  }

  static Topology build(Limits limits, Function<String, KeyValueBytesStoreSupplier> stores) {
    Topology topology = new Topology();
    topology.addSource(
        AutoOffsetReset.earliest(),
        Topics.FINDINGS,
        // A foreign record may have any timestamp; none may end the stream.
        (message, partitionTime) -> Math.max(0, message.timestamp()),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        Topics.FINDINGS);
    topology.addProcessor(PROCESSOR, () -> new FindingsProcessor(limits), Topics.FINDINGS);
    // Each finding is counted in it: written once a commit, not once a finding.
    topology.addStateStore(store(stores.apply(DomainStore.NAME)).withCachingEnabled(), PROCESSOR);
    for (String store : STORES) {
      topology.addStateStore(store(stores.apply(store)).withCachingDisabled(), PROCESSOR);
    }
    for (String topic : OUTPUTS) {
      topology.addSink(
          topic, topic, new ByteArraySerializer(), new ByteArraySerializer(), PROCESSOR);
    }
    return topology;
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> store(
      KeyValueBytesStoreSupplier supplier) {
    return Stores.keyValueStoreBuilder(supplier, Serdes.String(), Serdes.ByteArray());
  }
}
