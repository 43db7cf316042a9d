package io.ramtide.cli.timeline;

import io.ramtide.cli.broker.BrokerFaults;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads every partition of the timelines and anomalies, committed records only. Records of one
 * domain and topic come in order. Not thread-safe, but for {@link #interrupt()}.
 */
public final class TimelineReader implements AutoCloseable {
  private static final List<String> TOPICS =
      List.of(
          Topics.TIMELINE_PROCESS,
          Topics.TIMELINE_REGISTRY,
          Topics.TIMELINE_NETWORK,
          Topics.ANOMALIES);

  private final BrokerLink broker;
  private final Consumer<Unreadable> unreadable;
  private final TimelineCodec codec = new TimelineCodec();
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> endsAtStart;
  private volatile boolean interrupted;

  /**
   * Connects.
   *
   * @param fromBeginning whether to begin with the oldest record there is, or with the next one
   * @param unreadable hears of records that cannot be read; they are left out
   */
  public TimelineReader(BrokerLink broker, boolean fromBeginning, Consumer<Unreadable> unreadable) {
    this.broker = broker;
    this.unreadable = unreadable;
    Map<String, Object> config = new HashMap<>(broker.clientConfig());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    try {
      consumer =
          new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      List<TopicPartition> partitions = new ArrayList<>();
      for (String topic : TOPICS) {
        for (PartitionInfo info : consumer.partitionsFor(topic)) {
          partitions.add(new TopicPartition(topic, info.partition()));
        }
      }
      consumer.assign(partitions);
      endsAtStart = consumer.endOffsets(partitions);
      if (fromBeginning) {
        consumer.seekToBeginning(partitions);
      } else {
        endsAtStart.forEach(consumer::seek);
      }
    } catch (KafkaException e) {
      throw BrokerFaults.of(e, broker.bootstrapServers());
    }
  }

  /** The next records, or none after the wait or an interrupt. */
  public List<TimelineRecord> poll(Duration wait) {
    List<TimelineRecord> records = new ArrayList<>();
    try {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
        try {
          records.add(codec.decode(record.topic(), record.value()));
        } catch (UnreadableRecordException e) {
          unreadable.accept(new Unreadable(record, e.getMessage()));
        }
      }
    } catch (WakeupException e) {
      interrupted = true;
    } catch (KafkaException e) {
      throw BrokerFaults.of(e, broker.bootstrapServers());
    }
    return records;
  }

  /** Whether everything was read that was there at the start. */
  public boolean isAtEnd() {
    try {
      return endsAtStart.entrySet().stream()
          .allMatch(entry -> consumer.position(entry.getKey()) >= entry.getValue());
    } catch (WakeupException e) {
      interrupted = true;
      return false;
    } catch (KafkaException e) {
      throw BrokerFaults.of(e, broker.bootstrapServers());
    }
  }

  /** Ends a poll, from another thread. */
  public void interrupt() {
    interrupted = true;
    consumer.wakeup();
  }

  public boolean isInterrupted() {
    return interrupted;
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
