package io.ramtide.acquirer.agent.command;

import io.ramtide.acquirer.Rejections;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Command;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** Reads the commands to one host. Not thread-safe. */
public final class CommandLog implements Closeable {
  /** Where an agent begins that does not know how far one read before it. */
  private static final Duration LOOK_BACK = Duration.ofHours(1);

  private final Consumer<byte[], byte[]> consumer;
  private final String host;
  private final Rejections rejections;
  private final AvroCodec<Command> codec = AvroCodec.of(Command.class);
  private final TopicPartition partition;

  /**
   * @param readBefore the first record that an agent before this one did not look at
   */
  public CommandLog(
      Consumer<byte[], byte[]> consumer,
      String host,
      Rejections rejections,
      OptionalLong readBefore) {
    this.consumer = consumer;
    this.host = host;
    this.rejections = rejections;
    byte[] key = host.getBytes(StandardCharsets.UTF_8);
    int partitions = consumer.partitionsFor(Topics.COMMANDS).size();
    partition =
        new TopicPartition(Topics.COMMANDS, Utils.toPositive(Utils.murmur2(key)) % partitions);
    consumer.assign(List.of(partition));
    consumer.seek(partition, begin(readBefore));
  }

  private long begin(OptionalLong readBefore) {
    List<TopicPartition> one = List.of(partition);
    long first = consumer.beginningOffsets(one).get(partition);
    long end = consumer.endOffsets(one).get(partition);
    if (readBefore.isPresent() && readBefore.getAsLong() <= end) {
      return Math.max(first, readBefore.getAsLong());
    }
    long since = Instant.now().minus(LOOK_BACK).toEpochMilli();
    var found = consumer.offsetsForTimes(Map.of(partition, since)).get(partition);
    return found == null ? end : found.offset();
  }

  /** The next commands to this host; what is none goes to ramtide.rejected. */
  public List<Command> poll(Duration wait) {
    List<Command> commands = new java.util.ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> each : consumer.poll(wait).records(partition)) {
      String key = each.key() == null ? "" : new String(each.key(), StandardCharsets.UTF_8);
      if (key.equals(host)) {
        read(each, commands);
      } else if (!codec.claims(each.value())) {
        rejections.reject(each, "not a Command");
      }
    }
    return commands;
  }

  private void read(ConsumerRecord<byte[], byte[]> input, List<Command> commands) {
    try {
      Command command = codec.decode(input.value());
      if (!command.getHost().equals(host)) {
        rejections.reject(input, "a Command to another host than its key");
      } else if (!isUuid(command.getId())) {
        rejections.reject(input, "a Command whose id is no UUID in lower case");
      } else {
        commands.add(command);
      }
    } catch (UnreadableRecordException e) {
      rejections.reject(input, e.getMessage());
    }
  }

  /** Only the usual form: what UUID.fromString takes besides would give one id many names. */
  private static boolean isUuid(String text) {
    try {
      return UUID.fromString(text).toString().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Offset of the next record. */
  public long next() {
    return consumer.position(partition);
  }

  /** Ends a poll, from another thread. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
