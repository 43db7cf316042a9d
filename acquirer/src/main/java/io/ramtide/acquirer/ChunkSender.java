package io.ramtide.acquirer;

import io.ramtide.acquirer.CaptureException.Cause;
import io.ramtide.acquirer.pages.ChunkSink;
import io.ramtide.acquirer.pages.EncodedChunk;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.Stripe;
import io.ramtide.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Sends the chunks of one capture to one partition, and accounts for every acknowledgement. */
final class ChunkSender implements ChunkSink {
  private final Producer<byte[], byte[]> producer;
  private final int partition;
  private final String servers;
  private final List<byte[]> leaves = new ArrayList<>();

  // Written by the producer's thread.
  private int acknowledged;
  private long firstOffset = Long.MAX_VALUE;
  private long lastOffset = -1;
  private Exception failure;

  ChunkSender(Producer<byte[], byte[]> producer, int partition, String servers) {
    this.producer = producer;
    this.partition = partition;
    this.servers = servers;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // The callback hears of it.
  public void accept(EncodedChunk chunk) throws CaptureException {
    throwFailure();
    leaves.add(MerkleTree.leaf(chunk.value()));
    try {
      producer.send(
          new ProducerRecord<>(Topics.PAGES, partition, chunk.key(), chunk.value()),
          this::acknowledge);
    } catch (KafkaException | IllegalStateException e) {
      throw lost(e);
    }
  }

  /** Waits until every chunk is acknowledged, at most delivery.timeout.ms. */
  Stripe await() throws CaptureException {
    try {
      producer.flush();
    } catch (KafkaException e) {
      throw lost(e);
    }
    throwFailure();
    synchronized (this) {
      if (acknowledged != leaves.size()) {
        throw lost(
            new IllegalStateException(
                "%d of %d chunks were acknowledged".formatted(acknowledged, leaves.size())));
      }
      return new Stripe(partition, firstOffset, lastOffset, acknowledged);
    }
  }

  byte[] merkleRoot() {
    return MerkleTree.root(leaves);
  }

  private synchronized void acknowledge(RecordMetadata metadata, Exception exception) {
    if (exception != null) {
      failure = failure == null ? exception : failure;
      return;
    }
    acknowledged++;
    firstOffset = Math.min(firstOffset, metadata.offset());
    lastOffset = Math.max(lastOffset, metadata.offset());
  }

  private synchronized void throwFailure() throws CaptureException {
    if (failure != null) {
      throw lost(failure);
    }
  }

  private CaptureException lost(Exception e) {
    return new CaptureException(
        Cause.BROKER,
        ("%s did not take the chunks of the capture: %s. Nothing of it is visible; check that the"
                + " broker runs and has disk space, and start the capture again")
            .formatted(servers, e.getMessage()),
        e);
  }
}
