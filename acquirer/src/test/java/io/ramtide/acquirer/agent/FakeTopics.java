package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.Program;
import io.ramtide.schemas.AgentStatus;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Command;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The agent's own topics: what it writes, and the commands it reads. */
final class FakeTopics {
  private static final TopicPartition COMMANDS = new TopicPartition(Topics.COMMANDS, 0);
  private static final TopicPartition AGENTS = new TopicPartition(Topics.AGENTS, 0);

  final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  final CommandConsumer consumer = new CommandConsumer();
  private long nextOffset;

  /** Writes a record to ramtide.commands. */
  synchronized void command(String key, byte[] value) {
    consumer.add(
        new ConsumerRecord<>(
            Topics.COMMANDS, 0, nextOffset++, key.getBytes(StandardCharsets.UTF_8), value));
  }

  void command(Command command) {
    command(Program.HOST, AvroCodec.of(Command.class).encode(command));
  }

  /** Every heartbeat so far. */
  List<AgentStatus> heartbeats() {
    List<AgentStatus> heartbeats = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> each : producer.history()) {
      if (each.topic().equals(Topics.AGENTS)) {
        try {
          heartbeats.add(AvroCodec.of(AgentStatus.class).decode(each.value()));
        } catch (UnreadableRecordException e) {
          throw new AssertionError(e);
        }
      }
    }
    return heartbeats;
  }

  Consumer<byte[], byte[]> consumer() {
    return consumer;
  }

  /** Gives what a test put in, whenever that is. */
  static final class CommandConsumer extends MockConsumer<byte[], byte[]> {
    private final List<ConsumerRecord<byte[], byte[]>> coming = new ArrayList<>();

    CommandConsumer() {
      super("earliest");
      Node node = new Node(0, "localhost", 9092);
      for (TopicPartition each : List.of(COMMANDS, AGENTS)) {
        updatePartitions(
            each.topic(),
            List.of(
                new PartitionInfo(each.topic(), 0, node, new Node[] {node}, new Node[] {node})));
        updateBeginningOffsets(Map.of(each, 0L));
        updateEndOffsets(Map.of(each, 0L));
      }
    }

    synchronized void add(ConsumerRecord<byte[], byte[]> each) {
      coming.add(each);
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      LockSupport.parkNanos(Duration.ofMillis(1).toNanos()); // Not to spin.
      if (assignment().contains(COMMANDS)) {
        coming.forEach(this::addRecord);
        coming.clear();
      }
      return super.poll(Duration.ZERO);
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> times) {
      return Map.of();
    }
  }
}
