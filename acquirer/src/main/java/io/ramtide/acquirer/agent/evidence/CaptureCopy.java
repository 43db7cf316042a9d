package io.ramtide.acquirer.agent.evidence;

import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.Stripe;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Copies one capture's records to ramtide.evidence: its chunks, and when these are proven to be
 * there, its manifest. So here too: no manifest, no capture.
 */
final class CaptureCopy {
  private final Consumer<byte[], byte[]> consumer;
  private final EvidenceWriter writer;
  private final AvroCodec<Chunk> codec = AvroCodec.of(Chunk.class);
  private final ManifestChain.Link capture;
  private final Manifest manifest;
  private final byte[] keyHead;

  /** Leaves of the capture's hash tree, by sequence. */
  private byte[][] leaves;

  private int found;

  CaptureCopy(
      Consumer<byte[], byte[]> consumer, EvidenceWriter writer, ManifestChain.Link capture) {
    this.consumer = consumer;
    this.writer = writer;
    this.capture = capture;
    manifest = capture.manifest();
    keyHead =
        "%s/%d/"
            .formatted(manifest.getDomain(), manifest.getCapture())
            .getBytes(StandardCharsets.UTF_8);
  }

  /** Copies and proves. */
  void run() throws HoldException, InterruptedException {
    requirePossible();
    long firstCopy = copyChunks();
    long lastCopy = writer.lastOffset();
    requireWhole(Topics.PAGES, "retention may have deleted them; ask for a keyframe, then hold");
    begin();
    new RecordRange(writer.partition(), firstCopy, lastCopy)
        .read(consumer, each -> chunk(each, writer.isOurs(each)));
    requireWhole(Topics.EVIDENCE, "what was read back is not what was written; hold");
    copyManifest();
  }

  /**
   * Whoever may write to the broker may write a manifest: memory is taken only for what is there.
   */
  private void requirePossible() throws HoldException {
    long records = 0;
    for (Stripe stripe : manifest.getStripes()) {
      TopicPartition from = new TopicPartition(Topics.PAGES, stripe.getPartition());
      records +=
          new RecordRange(from, stripe.getFirstOffset(), stripe.getLastOffset()).most(consumer);
    }
    if (manifest.getChunks() < 0 || manifest.getChunks() > records) {
      throw new HoldException(
          "capture %d should have %d chunks, and there are at most %d records of it on %s:%s"
              .formatted(
                  manifest.getCapture(),
                  manifest.getChunks(),
                  records,
                  Topics.PAGES,
                  " retention may have deleted them; ask for a keyframe, then hold again"),
          null);
    }
  }

  /** Gives the offset of the first copy. */
  private long copyChunks() throws HoldException, InterruptedException {
    begin();
    for (Stripe stripe : manifest.getStripes()) {
      TopicPartition from = new TopicPartition(Topics.PAGES, stripe.getPartition());
      new RecordRange(from, stripe.getFirstOffset(), stripe.getLastOffset())
          .read(
              consumer,
              each -> {
                if (chunk(each, true)) {
                  writer.copy(each);
                }
              });
    }
    return writer.flush();
  }

  private void copyManifest() throws HoldException, InterruptedException {
    byte[][] hashes = new byte[2][];
    new RecordRange(capture.partition(), capture.offset(), capture.offset())
        .read(
            consumer,
            each -> {
              hashes[0] = MerkleTree.sha256().digest(each.value());
              writer.copy(each);
            });
    long offset = writer.flush();
    new RecordRange(writer.partition(), offset, writer.lastOffset())
        .read(
            consumer,
            each -> {
              if (writer.isOurs(each)) {
                hashes[1] = MerkleTree.sha256().digest(each.value());
              }
            });
    if (hashes[0] == null || !Arrays.equals(hashes[0], hashes[1])) {
      throw new HoldException(
          "the manifest of capture %d was not copied: hold again".formatted(manifest.getCapture()),
          null);
    }
  }

  private void begin() {
    leaves = new byte[manifest.getChunks()][];
    found = 0;
  }

  /** Whether the record is a chunk of this capture; then it is hashed. */
  private boolean chunk(ConsumerRecord<byte[], byte[]> each, boolean candidate) {
    if (!candidate || !isKeyed(each.key())) {
      return false;
    }
    try {
      Chunk chunk = codec.decode(each.value());
      int sequence = chunk.getSequence();
      if (!chunk.getSession().equals(manifest.getSession())
          || sequence < 0
          || sequence >= leaves.length
          || leaves[sequence] != null) {
        return false; // Of an attempt that died.
      }
      leaves[sequence] = MerkleTree.leaf(each.value());
      found++;
      return true;
    } catch (UnreadableRecordException e) {
      return false; // Not of this capture: the hash tells if it was.
    }
  }

  private boolean isKeyed(byte[] key) {
    return key != null
        && key.length > keyHead.length
        && Arrays.equals(key, 0, keyHead.length, keyHead, 0, keyHead.length);
  }

  private void requireWhole(String topic, String what) throws HoldException {
    if (found != leaves.length) {
      throw new HoldException(
          "capture %d has %d of its %d chunks on %s: %s again"
              .formatted(manifest.getCapture(), found, leaves.length, topic, what),
          null);
    }
    if (!Arrays.equals(MerkleTree.root(Arrays.asList(leaves)), manifest.getMerkleRoot().bytes())) {
      throw new HoldException(
          "the chunks of capture %d on %s do not have the hash that its manifest tells"
              .formatted(manifest.getCapture(), topic),
          null);
    }
  }
}
