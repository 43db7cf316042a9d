package io.ramtide.acquirer.agent.evidence;

import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureKind;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.ManifestSignature;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.PreviousManifest;
import io.ramtide.schemas.Topics;
import io.ramtide.schemas.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Finds the captures that give a domain's present RAM, by the manifests on ramtide.captures. */
final class ManifestChain {
  /** Beyond that many the policy of keyframes is not one to hold evidence with. */
  private static final int MOST = 10_000;

  private static final int WINDOW = 256;

  private final Consumer<byte[], byte[]> consumer;
  private final AvroCodec<Manifest> codec = AvroCodec.of(Manifest.class);
  private final UUID domain;
  private final TopicPartition partition;

  /** A manifest that counts, and where it is. */
  record Link(Manifest manifest, TopicPartition partition, long offset) {}

  /** A record with its decoded manifest. */
  private record Read(Manifest manifest, ConsumerRecord<byte[], byte[]> source) {}

  ManifestChain(Consumer<byte[], byte[]> consumer, UUID domain, int partition) {
    this.consumer = consumer;
    this.domain = domain;
    this.partition = new TopicPartition(Topics.CAPTURES, partition);
  }

  /** From the capture where all of RAM begins up to the last one, oldest first. */
  List<Link> present() throws HoldException, InterruptedException {
    Read read = last();
    Deque<Link> chain = new ArrayDeque<>();
    Long completeFrom = read.manifest.getCompleteFrom();
    while (true) {
      Manifest manifest = read.manifest;
      chain.addFirst(new Link(manifest, partition, read.source.offset()));
      boolean begins =
          completeFrom == null
              ? manifest.getKind() == CaptureKind.KEYFRAME
              : manifest.getCapture() <= completeFrom;
      if (begins) {
        return new ArrayList<>(chain);
      }
      if (chain.size() == MOST) {
        throw new HoldException(
            "the last %d captures do not give all of RAM: ask for a keyframe, then hold again"
                .formatted(MOST),
            null);
      }
      read = before(manifest);
    }
  }

  /** The domain's last capture. Of two manifests with its number the first counts. */
  private Read last() throws HoldException, InterruptedException {
    List<TopicPartition> one = List.of(partition);
    long begin = consumer.beginningOffsets(one).get(partition);
    long from = consumer.endOffsets(one).get(partition);
    Read last = null;
    for (long window = WINDOW; from > begin; window *= 4) {
      long end = from - 1;
      from = Math.max(begin, from - window);
      Read newest = newest(from, end);
      if (newest != null) {
        if (last != null && newest.manifest.getCapture() < last.manifest.getCapture()) {
          return last; // The one before it: no earlier one has last's number.
        }
        last = newest;
        if (last.manifest.getCapture() == 1) {
          return last;
        }
      }
    }
    if (last == null) {
      throw new HoldException("there is no capture of it on %s".formatted(partition), null);
    }
    return last;
  }

  private Read newest(long from, long end) throws HoldException, InterruptedException {
    Read[] newest = new Read[1];
    new RecordRange(partition, from, end)
        .read(
            consumer,
            each -> {
              Read read = read(each);
              if (read != null
                  && (newest[0] == null
                      || read.manifest.getCapture() > newest[0].manifest.getCapture())) {
                newest[0] = read;
              }
            });
    return newest[0];
  }

  private Read before(Manifest manifest) throws HoldException, InterruptedException {
    PreviousManifest previous = manifest.getPrevious();
    Read[] found = new Read[1];
    if (previous != null && previous.getPartition() == partition.partition()) {
      new RecordRange(partition, previous.getOffset(), previous.getOffset())
          .read(consumer, each -> found[0] = read(each));
    }
    if (found[0] == null
        || !Arrays.equals(
            MerkleTree.sha256().digest(found[0].source.value()), previous.getSha256().bytes())) {
      throw new HoldException(
          "the manifest before capture %d is not on %s any more: ask for a keyframe, then hold again"
              .formatted(manifest.getCapture(), partition),
          null);
    }
    return found[0];
  }

  /** The record as a manifest of the domain that scanners accept; null if it is none. */
  private Read read(ConsumerRecord<byte[], byte[]> input) {
    String key = input.key() == null ? "" : new String(input.key(), StandardCharsets.UTF_8);
    if (!key.equals(domain.toString())) {
      return null;
    }
    try {
      Manifest manifest = codec.decode(input.value());
      byte[] publicKey = new byte[manifest.getPublicKey().remaining()];
      manifest.getPublicKey().duplicate().get(publicKey);
      return manifest.getDomain().equals(key) && ManifestSignature.isValid(input.value(), publicKey)
          ? new Read(manifest, input)
          : null;
    } catch (UnreadableRecordException e) {
      return null; // The acquirer rejected it when it read the topic.
    }
  }
}
