package io.ramtide.scanner.worker;

import io.ramtide.scanner.image.ImageCache;
import io.ramtide.scanner.windows.WindowsAnalyzer;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection of the worker, from joining the group to the first error or the stop. */
final class WorkerSession implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerSession.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final Deque<Closeable> open = new ArrayDeque<>();
  private final Consumer<byte[], byte[]> group;
  private final FindingsPublisher publisher;
  private final RejectedRecords rejected = new RejectedRecords();
  private final CaptureAnalysis analysis;
  private final ImageCache cache;
  private final FindingSpool spool;
  private final BooleanSupplier stopped;

  WorkerSession(
      KafkaClients clients,
      ImageCache cache,
      FindingSpool spool,
      ScannerOptions options,
      BooleanSupplier stopped) {
    this.cache = cache;
    this.spool = spool;
    this.stopped = stopped;
    try {
      group = clients.groupConsumer();
      open.push(group);
      var captures = new TopicReader(clients.rangeConsumer(), stopped);
      open.push(captures);
      var pages = new TopicReader(clients.rangeConsumer(), stopped);
      open.push(pages);
      Producer<byte[], byte[]> producer = clients.producer();
      // A producer in an open transaction aborts it when it closes.
      open.push(() -> producer.close(CLOSE));
      publisher = new FindingsPublisher(producer);
      analysis =
          new CaptureAnalysis(
              new CaptureImages(cache, captures, new ChunkReader(pages, rejected)),
              new WindowsAnalyzer(options.symbols()),
              options);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  void run() throws IOException {
    group.subscribe(List.of(Topics.CAPTURES), new DropImages());
    while (!stopped.getAsBoolean()) {
      for (ConsumerRecord<byte[], byte[]> record : group.poll(POLL)) {
        process(record);
      }
    }
  }

  private void process(ConsumerRecord<byte[], byte[]> record) throws IOException {
    String domain = "";
    spool.clear();
    try {
      StoredManifest stored = StoredManifest.decode(record.value());
      domain = stored.manifest().getDomain();
      analysis.findingsOf(stored, spool);
    } catch (UnreadableRecordException e) {
      LOG.warn(
          "rejected {}-{}@{}: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
      rejected.add(record, e.getMessage());
    }
    publisher.publish(
        domain,
        spool,
        rejected.drain(),
        new TopicPartition(record.topic(), record.partition()),
        record.offset() + 1,
        group.groupMetadata());
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException | KafkaException e) {
        LOG.debug("while closing", e); // What matters was committed, or will be done again.
      }
    }
  }

  /** What another worker continues must not take room here. */
  private final class DropImages implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      LOG.info("assigned {}", partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      try {
        cache.clear();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
