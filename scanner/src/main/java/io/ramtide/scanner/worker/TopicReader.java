package io.ramtide.scanner.worker;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/** Reads records by offset range, outside of any consumer group. */
final class TopicReader implements Closeable {
  private static final Duration POLL = Duration.ofMillis(500);

  /** Sees a record. */
  @FunctionalInterface
  interface RecordSink {
    void accept(ConsumerRecord<byte[], byte[]> record)
        throws CaptureUnreadableException, IOException;
  }

  private final Consumer<byte[], byte[]> consumer;
  private final BooleanSupplier stopped;

  /**
   * @param stopped asked between polls; true ends a read with {@link StoppedException}
   */
  TopicReader(Consumer<byte[], byte[]> consumer, BooleanSupplier stopped) {
    this.consumer = consumer;
    this.stopped = stopped;
  }

  /**
   * Hands over every record from {@code first} to {@code last}, both inclusive. A broker that is
   * away is waited for.
   *
   * @throws CaptureUnreadableException if the topic does not hold the range, or no longer
   */
  void read(TopicPartition partition, long first, long last, RecordSink sink)
      throws CaptureUnreadableException, IOException {
    if (first < 0 || last < first) {
      checkRange(partition, first, last);
    }
    // What was fetched beyond the last range is the next one, if that is of the same domain.
    if (!consumer.assignment().equals(Set.of(partition))) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, first);
    } else if (consumer.position(partition) != first) {
      consumer.seek(partition, first);
    }
    while (consumer.position(partition) <= last) {
      if (stopped.getAsBoolean()) {
        throw new StoppedException();
      }
      List<ConsumerRecord<byte[], byte[]>> records = poll(partition, first, last);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.offset() > last) {
          consumer.seek(partition, last + 1);
          return;
        }
        sink.accept(record);
      }
    }
  }

  /**
   * The range is looked at only where records do not come: the question costs as much as a fetch.
   */
  private List<ConsumerRecord<byte[], byte[]>> poll(TopicPartition partition, long first, long last)
      throws CaptureUnreadableException {
    try {
      List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
      if (records.isEmpty()) {
        checkRange(partition, first, last);
      }
      return records;
    } catch (OffsetOutOfRangeException e) {
      checkRange(partition, first, last);
      return List.of(); // The end moved on meanwhile.
    }
  }

  /** The first offset that retention has left. */
  long begin(TopicPartition partition) {
    return consumer.beginningOffsets(List.of(partition)).get(partition);
  }

  private void checkRange(TopicPartition partition, long first, long last)
      throws CaptureUnreadableException {
    List<TopicPartition> one = List.of(partition);
    long begin = begin(partition);
    long end = consumer.endOffsets(one).get(partition);
    if (first < begin) {
      throw new CaptureUnreadableException(
          "%s: offsets %d to %d are needed, but retention has deleted all before %d; make a new"
                  .formatted(partition, first, last, begin)
              + " keyframe, or keep the topic longer");
    }
    if (first < 0 || last < first || last >= end) {
      throw new CaptureUnreadableException(
          "%s: offsets %d to %d are needed, but the topic ends at %d"
              .formatted(partition, first, last, end));
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
