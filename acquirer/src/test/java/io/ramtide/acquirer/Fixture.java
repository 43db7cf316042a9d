package io.ramtide.acquirer;

import io.ramtide.acquirer.source.ChangeHint;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** An acquirer whose consumer reads what its producer wrote. */
final class Fixture {
  static final int FRAME = MemorySource.FRAME_BYTES;
  static final UUID DOMAIN = UUID.fromString("00000000-0000-4000-8000-00000000cafe");
  private static final int PARTITIONS = 12;

  final FakeProducer producer = new FakeProducer();
  private final AcquirerOptions options;
  Acquirer acquirer;

  Fixture(Path folder, int keyframeInterval) throws CaptureException {
    this(folder, new KeyframePolicy.Every(keyframeInterval), false);
  }

  Fixture(Path folder, KeyframePolicy keyframes, boolean verifyBlocks) throws CaptureException {
    options = new AcquirerOptions(folder.resolve("acquirer.key"), keyframes, verifyBlocks);
    restart();
  }

  /** A new process that finds the topics as they are. */
  void restart() throws CaptureException {
    acquirer =
        new Acquirer(
            producer,
            new FakeConsumer(producer),
            options,
            SigningKey.at(options.keyFile()),
            "localhost:9092");
  }

  Manifest capture(MemorySource source) throws CaptureException {
    return acquirer.capture(DOMAIN, Optional.of("guest"), source, Progress.NONE);
  }

  Manifest capture(MemorySource source, CaptureOrder order) throws CaptureException {
    return acquirer.capture(DOMAIN, Optional.of("guest"), source, order, Progress.NONE);
  }

  List<Chunk> chunks(Manifest manifest) throws UnreadableRecordException {
    List<Chunk> chunks = new ArrayList<>();
    for (byte[] value : chunkValues(manifest)) {
      chunks.add(AvroCodec.of(Chunk.class).decode(value));
    }
    return chunks;
  }

  /** The record values of the capture's offset range. */
  List<byte[]> chunkValues(Manifest manifest) {
    var stripe = manifest.getStripes().get(0);
    return producer
        .log(new TopicPartition(Topics.PAGES, stripe.getPartition()))
        .subList((int) stripe.getFirstOffset(), (int) stripe.getLastOffset() + 1)
        .stream()
        .map(ProducerRecord::value)
        .toList();
  }

  List<ProducerRecord<byte[], byte[]>> records(String topic) {
    return producer.history().stream().filter(each -> each.topic().equals(topic)).toList();
  }

  /** Writes to a topic as somebody else. */
  void inject(String topic, int partition, byte[] key, byte[] value) throws Exception {
    producer.send(new ProducerRecord<>(topic, partition, key, value)).get();
  }

  /** RAM in the heap. */
  static final class FakeRam implements MemorySource {
    final Map<Long, byte[]> frames = new HashMap<>();
    private final List<MemoryRange> ram;
    List<MemoryRange> unreadable = List.of();
    IOException failure;
    String name = "ram.raw";
    OptionalLong modifiedAt = OptionalLong.of(1);
    Consistency consistency = Consistency.UNKNOWN;
    Optional<ChangeHint> hint = Optional.empty();
    List<String> warnings = List.of();

    /** Hears of every look at memory, after it: what it writes is seen by the next look. */
    LongConsumer looked = gpa -> {};

    Runnable finished = () -> {};
    IOException notFinished;

    FakeRam(MemoryRange... ram) {
      this.ram = List.of(ram);
    }

    static FakeRam ofFrames(long frames) {
      return new FakeRam(new MemoryRange(0, frames * FRAME));
    }

    FakeRam put(long frame, byte[] content) {
      frames.put(frame, content);
      return this;
    }

    @Override
    public SourceDescription description() {
      return new SourceDescription(
          "dump:fake", name, OptionalLong.of(1), modifiedAt, consistency, warnings);
    }

    @Override
    public List<MemoryRange> ram() {
      return ram;
    }

    /** Adjacent frames are one range, as in a file. */
    @Override
    public List<MemoryRange> data() {
      List<MemoryRange> data = new ArrayList<>();
      for (long frame : frames.keySet().stream().sorted().toList()) {
        long gpa = frame * FRAME;
        if (unreadable.stream().anyMatch(range -> gpa >= range.gpa() && gpa < range.end())) {
          continue;
        }
        MemoryRange last = data.isEmpty() ? null : data.get(data.size() - 1);
        if (last != null && last.end() == gpa) {
          data.set(data.size() - 1, new MemoryRange(last.gpa(), last.length() + FRAME));
        } else {
          data.add(new MemoryRange(gpa, FRAME));
        }
      }
      return data;
    }

    @Override
    public List<MemoryRange> unreadable() {
      return unreadable;
    }

    @Override
    public void read(long gpa, ByteBuffer target) throws IOException {
      if (failure != null) {
        throw failure;
      }
      for (long frame = gpa / FRAME; target.hasRemaining(); frame++) {
        target.put(frames.get(frame));
      }
    }

    @Override
    public ByteBuffer view(long gpa, int length) throws IOException {
      ByteBuffer copy = ByteBuffer.allocate(length);
      read(gpa, copy);
      looked.accept(gpa);
      return copy.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public Optional<ChangeHint> changeHint() {
      return hint;
    }

    @Override
    public void finish() throws IOException {
      finished.run();
      if (notFinished != null) {
        throw notFinished;
      }
    }

    @Override
    public void close() {}
  }

  /** Keeps every record at its offset, and can fail. */
  static final class FakeProducer extends MockProducer<byte[], byte[]> {
    private final Map<TopicPartition, List<ProducerRecord<byte[], byte[]>>> logs = new HashMap<>();
    int failAtSend = -1;
    Runnable beforeManifest = () -> {};
    private int sends;

    FakeProducer() {
      super(cluster(), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    List<ProducerRecord<byte[], byte[]>> log(TopicPartition partition) {
      return logs.computeIfAbsent(partition, key -> new ArrayList<>());
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> produced, Callback callback) {
      if (sends++ == failAtSend) {
        var failure = new org.apache.kafka.common.errors.TimeoutException("60000 ms have passed");
        if (callback != null) {
          callback.onCompletion(null, failure);
        }
        return java.util.concurrent.CompletableFuture.failedFuture(failure);
      }
      if (produced.topic().equals(Topics.CAPTURES)) {
        Runnable before = beforeManifest;
        beforeManifest = () -> {};
        before.run();
      }
      int partition = produced.partition() == null ? 0 : produced.partition();
      log(new TopicPartition(produced.topic(), partition)).add(produced);
      return super.send(produced, callback);
    }

    private static Cluster cluster() {
      Node node = new Node(0, "localhost", 9092);
      Node[] nodes = {node};
      List<PartitionInfo> partitions = new ArrayList<>();
      for (String topic : List.of(Topics.PAGES, Topics.CAPTURES, Topics.REJECTED)) {
        for (int i = 0; i < PARTITIONS; i++) {
          partitions.add(new PartitionInfo(topic, i, node, nodes, nodes));
        }
      }
      return new Cluster("test", List.of(node), partitions, java.util.Set.of(), java.util.Set.of());
    }
  }

  private static final class FakeConsumer extends MockConsumer<byte[], byte[]> {
    private final FakeProducer producer;

    FakeConsumer(FakeProducer producer) {
      super("earliest");
      this.producer = producer;
    }

    @Override
    public synchronized Map<TopicPartition, Long> beginningOffsets(
        Collection<TopicPartition> partitions) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      partitions.forEach(partition -> offsets.put(partition, 0L));
      return offsets;
    }

    @Override
    public synchronized Map<TopicPartition, Long> endOffsets(
        Collection<TopicPartition> partitions) {
      Map<TopicPartition, Long> offsets = new HashMap<>();
      partitions.forEach(
          partition -> offsets.put(partition, (long) producer.log(partition).size()));
      return offsets;
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
      for (TopicPartition partition : assignment()) {
        List<ProducerRecord<byte[], byte[]>> log = producer.log(partition);
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
        for (int offset = (int) position(partition); offset < log.size(); offset++) {
          ProducerRecord<byte[], byte[]> each = log.get(offset);
          batch.add(
              new ConsumerRecord<>(
                  partition.topic(), partition.partition(), offset, each.key(), each.value()));
        }
        seek(partition, log.size());
        records.put(partition, batch);
      }
      return new ConsumerRecords<>(records, Map.of());
    }
  }
}
