package io.ramtide.acquirer.agent.status;

import io.ramtide.schemas.AgentStatus;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** Finds what the agent that ran on this host before told last. */
public final class LastHeartbeat {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Records that are looked at, newest first; what lies before is of long ago. */
  private static final long MOST = 100_000;

  private LastHeartbeat() {}

  public static Optional<AgentStatus> of(Consumer<byte[], byte[]> consumer, String host) {
    byte[] key = host.getBytes(StandardCharsets.UTF_8);
    int partitions = consumer.partitionsFor(Topics.AGENTS).size();
    var partition =
        new TopicPartition(Topics.AGENTS, Utils.toPositive(Utils.murmur2(key)) % partitions);
    List<TopicPartition> one = List.of(partition);
    consumer.assign(one);
    long end = consumer.endOffsets(one).get(partition);
    long begin = Math.max(consumer.beginningOffsets(one).get(partition), end - MOST);
    AvroCodec<AgentStatus> codec = AvroCodec.of(AgentStatus.class);
    long until = end;
    for (long window = 256; until > begin; window *= 4) {
      long from = Math.max(begin, until - window);
      Optional<AgentStatus> last = last(consumer, partition, from, until, host, codec);
      if (last.isPresent()) {
        return last;
      }
      until = from;
    }
    return Optional.empty();
  }

  private static Optional<AgentStatus> last(
      Consumer<byte[], byte[]> consumer,
      TopicPartition partition,
      long from,
      long until,
      String host,
      AvroCodec<AgentStatus> codec) {
    consumer.seek(partition, from);
    AgentStatus last = null;
    long patientUntil = System.nanoTime() + PATIENCE.toNanos();
    while (consumer.position(partition) < until && System.nanoTime() - patientUntil < 0) {
      for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL).records(partition)) {
        if (each.offset() < until
            && each.key() != null
            && new String(each.key(), StandardCharsets.UTF_8).equals(host)) {
          try {
            last = codec.decode(each.value());
          } catch (UnreadableRecordException e) {
            // Of a later version, or not of an agent: nothing to go on from.
          }
        }
      }
    }
    return Optional.ofNullable(last);
  }
}
