package io.ramtide.cli.agents;

import io.ramtide.cli.broker.BrokerFaults;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.timeline.Unreadable;
import io.ramtide.schemas.AgentStatus;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads ramtide.agents: what is there, then what comes. Not thread-safe. */
public final class HeartbeatReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();

  private final BrokerLink broker;
  private final Consumer<Unreadable> unreadable;
  private final AvroCodec<AgentStatus> codec = AvroCodec.of(AgentStatus.class);
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, AgentStatus> byHost = new TreeMap<>();

  /**
   * Connects.
   *
   * @param unreadable hears of records that cannot be read; they are left out
   */
  public HeartbeatReader(BrokerLink broker, Consumer<Unreadable> unreadable) {
    this.broker = broker;
    this.unreadable = unreadable;
    Map<String, Object> config = new java.util.HashMap<>(broker.clientConfig());
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    try {
      consumer =
          new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      List<TopicPartition> partitions = new ArrayList<>();
      consumer
          .partitionsFor(Topics.AGENTS)
          .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    } catch (KafkaException e) {
      throw BrokerFaults.of(e, broker.bootstrapServers());
    }
  }

  /** The last heartbeat of each host, by host, as it is now. */
  public Map<String, AgentStatus> latest() {
    try {
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      long patientUntil = System.nanoTime() + PATIENCE_NANOS;
      while (!ends.entrySet().stream()
          .allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
        if (poll() > 0) {
          patientUntil = System.nanoTime() + PATIENCE_NANOS;
        } else if (System.nanoTime() - patientUntil > 0) {
          throw new KafkaException("it stopped answering");
        }
      }
      return byHost;
    } catch (KafkaException e) {
      throw BrokerFaults.of(e, broker.bootstrapServers());
    }
  }

  private int poll() {
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
      count++;
      try {
        AgentStatus status = codec.decode(each.value());
        byHost.put(status.getHost(), status);
      } catch (UnreadableRecordException e) {
        unreadable.accept(new Unreadable(each, e.getMessage()));
      }
    }
    return count;
  }

  /** The last heartbeats, after some time in which new ones may have come. */
  public Map<String, AgentStatus> next() {
    try {
      poll();
      return byHost;
    } catch (KafkaException e) {
      throw BrokerFaults.of(e, broker.bootstrapServers());
    }
  }

  @Override
  public void close() {
    try {
      consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    } catch (KafkaException e) {
      // Nothing of this consumer is kept on the broker.
    }
  }
}
