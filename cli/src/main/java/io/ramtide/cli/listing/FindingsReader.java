package io.ramtide.cli.listing;

import io.ramtide.cli.broker.BrokerFaults;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.schemas.Finding;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;

/** Reads the committed findings of single domains that came after this reader was made. */
public final class FindingsReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);

  private final BrokerLink broker;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final FindingCodec codec = new FindingCodec();
  private final Map<TopicPartition, Long> begins;

  /** Connects, and notes where the topic ends now. */
  public FindingsReader(BrokerLink broker) {
    this.broker = broker;
    Map<String, Object> config = new HashMap<>(broker.clientConfig());
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    try {
      consumer =
          new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      begins =
          consumer.endOffsets(
              consumer.partitionsFor(Topics.FINDINGS).stream()
                  .map(info -> new TopicPartition(Topics.FINDINGS, info.partition()))
                  .toList());
    } catch (KafkaException e) {
      throw BrokerFaults.of(e, broker.bootstrapServers());
    }
  }

  /**
   * Hands a listing the findings of its domain, up to the end of the capture or of the topic.
   *
   * @return how many records could not be read
   */
  public long read(String domain, CaptureListing listing) {
    try {
      byte[] key = domain.getBytes(StandardCharsets.UTF_8);
      int partition = Utils.toPositive(Utils.murmur2(key)) % begins.size();
      return read(new TopicPartition(Topics.FINDINGS, partition), key, listing);
    } catch (KafkaException e) {
      throw BrokerFaults.of(e, broker.bootstrapServers());
    }
  }

  private long read(TopicPartition partition, byte[] key, CaptureListing listing) {
    long unreadable = 0;
    consumer.assign(List.of(partition));
    consumer.seek(partition, begins.get(partition));
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    while (listing.summary().isEmpty() && consumer.position(partition) < end) {
      for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
        if (Arrays.equals(key, each.key())) {
          try {
            Finding finding = codec.decode(each.value());
            listing.take(finding.capture(), finding.body());
          } catch (UnreadableRecordException e) {
            unreadable++;
          }
        }
      }
    }
    return unreadable;
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
