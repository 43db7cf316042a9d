package io.ramtide.acquirer;

import io.ramtide.acquirer.CaptureException.Cause;
import io.ramtide.acquirer.pages.ChunkSink;
import io.ramtide.acquirer.pages.EncodedChunk;
import io.ramtide.acquirer.pages.SinkException;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.Stripe;
import io.ramtide.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/** Sends the chunks of one capture to one partition, and accounts for every acknowledgement. */
final class ChunkSender implements ChunkSink {
  private final Producer<byte[], byte[]> producer;
  private final int partition;
  private final String servers;
  private final Executor hashing;
  private final List<FutureTask<byte[]>> leaves = new ArrayList<>();

  // Written by the producer's thread.
  private int acknowledged;
  private long firstOffset = Long.MAX_VALUE;
  private long lastOffset = -1;
  private Exception failure;

  /**
   * @param hashing runs beside the sending; it must not queue without bounds
   */
  ChunkSender(Producer<byte[], byte[]> producer, int partition, String servers, Executor hashing) {
    this.producer = producer;
    this.partition = partition;
    this.servers = servers;
    this.hashing = hashing;
  }

  @Override
  public void accept(EncodedChunk chunk) throws SinkException {
    try {
      send(chunk);
    } catch (CaptureException e) {
      throw new SinkException(e);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // The callback hears of it.
  private void send(EncodedChunk chunk) throws CaptureException {
    throwFailure();
    FutureTask<byte[]> leaf = new FutureTask<>(() -> MerkleTree.leaf(chunk.value()));
    leaves.add(leaf);
    hashing.execute(leaf);
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

  /** Over all chunks, once every leaf is hashed. */
  byte[] merkleRoot() throws CaptureException {
    List<byte[]> hashes = new ArrayList<>(leaves.size());
    try {
      for (FutureTask<byte[]> leaf : leaves) {
        hashes.add(leaf.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CaptureException(Cause.BROKER, "interrupted while the chunks were hashed", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("SHA-256 cannot fail", e.getCause());
    }
    return MerkleTree.root(hashes);
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
