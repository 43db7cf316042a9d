package io.ramtide.scanner.worker;

import io.ramtide.scanner.image.InvalidChunkException;
import io.ramtide.scanner.image.SparseImage;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.Stripe;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Applies the chunks of one capture to an image and proves them against the manifest. */
final class ChunkReader {
  /** domain/capture/first frame. */
  private static final Pattern KEY = Pattern.compile("[0-9a-f-]{36}/\\d{1,19}/\\d{1,19}");

  private static final AvroCodec<Chunk> CODEC = AvroCodec.of(Chunk.class);

  private final TopicReader pages;
  private final RejectedRecords rejected;

  ChunkReader(TopicReader pages, RejectedRecords rejected) {
    this.pages = pages;
    this.rejected = rejected;
  }

  /** What retention has deleted of a capture's pages, if anything. */
  Optional<String> expired(Manifest manifest) {
    for (Stripe stripe : manifest.getStripes()) {
      var partition = new TopicPartition(Topics.PAGES, stripe.getPartition());
      long begin = pages.begin(partition);
      if (stripe.getFirstOffset() < begin) {
        return Optional.of(
            "%s has offsets %d to %d no more, retention has deleted all before %d"
                .formatted(partition, stripe.getFirstOffset(), stripe.getLastOffset(), begin));
      }
    }
    return Optional.empty();
  }

  /**
   * Applies a capture. When it fails the image is in between and must be dropped.
   *
   * @throws CaptureUnreadableException if a chunk is missing, corrupt or not the one that was
   *     signed
   */
  void apply(Manifest manifest, SparseImage image) throws CaptureUnreadableException, IOException {
    byte[][] leaves = new byte[checkedChunks(manifest)][];
    for (Stripe stripe : manifest.getStripes()) {
      var partition = new TopicPartition(Topics.PAGES, stripe.getPartition());
      pages.read(
          partition,
          stripe.getFirstOffset(),
          stripe.getLastOffset(),
          record -> applyRecord(manifest, image, record, leaves));
    }
    long missing = Arrays.stream(leaves).filter(leaf -> leaf == null).count();
    if (missing > 0) {
      throw new CaptureUnreadableException(
          "%d of its %d chunks are not on %s".formatted(missing, leaves.length, Topics.PAGES));
    }
    if (!Arrays.equals(MerkleTree.root(List.of(leaves)), manifest.getMerkleRoot().bytes())) {
      throw new CaptureUnreadableException(
          "its chunks are not the ones that were signed: the Merkle root differs");
    }
  }

  private void applyRecord(
      Manifest manifest, SparseImage image, ConsumerRecord<byte[], byte[]> record, byte[][] leaves)
      throws CaptureUnreadableException, IOException {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (!KEY.matcher(key).matches()) {
      rejected.add(record, "no chunk: its key is not domain/capture/frame");
      return;
    }
    if (!key.startsWith(manifest.getDomain() + "/" + manifest.getCapture() + "/")) {
      return; // Another capture's, in between.
    }
    Chunk chunk;
    try {
      chunk = CODEC.decode(record.value());
    } catch (UnreadableRecordException e) {
      rejected.add(record, e.getMessage());
      return; // If it was one of this capture's chunks, the count tells.
    }
    if (!chunk.getSession().equals(manifest.getSession())) {
      return; // Of an attempt that died before its manifest.
    }
    int sequence = chunk.getSequence();
    if (sequence < 0 || sequence >= leaves.length || leaves[sequence] != null) {
      rejected.add(record, "chunk %d is none of the manifest's".formatted(sequence));
      return;
    }
    leaves[sequence] = MerkleTree.leaf(record.value());
    try {
      image.apply(chunk);
    } catch (InvalidChunkException e) {
      rejected.add(record, e.getMessage());
      throw new CaptureUnreadableException(e.getMessage(), e);
    }
  }

  /** A manifest's count is a claim: no more chunks than the offset ranges have room for. */
  private static int checkedChunks(Manifest manifest) throws CaptureUnreadableException {
    long room = 0;
    for (Stripe stripe : manifest.getStripes()) {
      room += stripe.getLastOffset() - stripe.getFirstOffset() + 1;
    }
    if (manifest.getChunks() < 0 || manifest.getChunks() > room) {
      throw new CaptureUnreadableException(
          "its manifest names %d chunks in %d offsets".formatted(manifest.getChunks(), room));
    }
    return manifest.getChunks();
  }
}
