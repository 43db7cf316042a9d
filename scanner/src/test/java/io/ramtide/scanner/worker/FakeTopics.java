package io.ramtide.scanner.worker;

import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureKind;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Ed25519Signature;
import io.ramtide.schemas.FrameRange;
import io.ramtide.schemas.FrameRun;
import io.ramtide.schemas.FrameState;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.ManifestSignature;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.PreviousManifest;
import io.ramtide.schemas.SessionId;
import io.ramtide.schemas.Sha256;
import io.ramtide.schemas.Source;
import io.ramtide.schemas.Stripe;
import io.ramtide.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;

/** ramtide.pages and ramtide.captures, one partition each, with a tiny domain of four frames. */
final class FakeTopics {
  static final String DOMAIN = "00000000-0000-4000-8000-000000000001";
  static final int FRAME = 4096;
  static final long FIRST_FRAME = 16;
  private static final long FRAMES = 4;
  private static final KeyPair KEYS = keys();

  private final List<ConsumerRecord<byte[], byte[]>> pages = new ArrayList<>();
  private final List<ConsumerRecord<byte[], byte[]>> captures = new ArrayList<>();
  private long pagesBegin;

  /** Of the manifests that are added next; null: not said. */
  Long completeFrom;

  /** One chunk that gives each frame a fill byte; null: unchanged. */
  byte[] addChunk(long capture, int session, int sequence, Byte... fill) {
    List<FrameRun> runs = new ArrayList<>();
    ByteBuffer payload = ByteBuffer.allocate(fill.length * FRAME);
    for (Byte value : fill) {
      runs.add(new FrameRun(value == null ? FrameState.UNCHANGED : FrameState.DATA, 1));
      if (value != null) {
        byte[] frame = new byte[FRAME];
        Arrays.fill(frame, value);
        payload.put(frame);
      }
    }
    byte[] value =
        AvroCodec.of(Chunk.class)
            .encode(
                new Chunk(
                    DOMAIN,
                    capture,
                    session(session),
                    sequence,
                    FIRST_FRAME,
                    runs,
                    0L,
                    0L,
                    List.of(),
                    payload.flip()));
    addPage(DOMAIN + "/" + capture + "/" + FIRST_FRAME, value);
    return value;
  }

  void addPage(String key, byte[] value) {
    pages.add(record(Topics.PAGES, pages.size(), key, value));
  }

  void expirePagesBefore(long offset) {
    pagesBegin = offset;
  }

  /** A signed manifest over these chunk values; it is stored, and returned as read back. */
  StoredManifest addManifest(
      long capture,
      int session,
      StoredManifest previous,
      long firstOffset,
      long lastOffset,
      byte[]... chunks)
      throws Exception {
    var builder =
        Manifest.newBuilder()
            .setDomain(DOMAIN)
            .setCapture(capture)
            .setSession(session(session))
            .setKind(previous == null ? CaptureKind.KEYFRAME : CaptureKind.DELTA)
            .setMethod("test")
            .setConsistency(Consistency.UNKNOWN)
            .setHost("host")
            .setAcquirer("test")
            .setSource(new Source("test", null, null))
            .setStartedAt(0)
            .setEndedAt(0)
            .setRam(List.of(new FrameRange(FIRST_FRAME, FRAMES)))
            .setDataFrames(0)
            .setZeroFrames(0)
            .setUnreadableFrames(0)
            .setUnchangedFrames(0)
            .setChunks(chunks.length)
            .setCompleteFrom(completeFrom)
            .setStripes(List.of(new Stripe(0, firstOffset, lastOffset, chunks.length)))
            .setMerkleRoot(
                new Sha256(MerkleTree.root(Arrays.stream(chunks).map(MerkleTree::leaf).toList())))
            .setPublicKey(ByteBuffer.wrap(KEYS.getPublic().getEncoded()))
            .setSignature(new Ed25519Signature(new byte[64]));
    if (previous != null) {
      long offset = captures.size() - 1L;
      builder.setPrevious(
          new PreviousManifest(
              previous.manifest().getCapture(),
              0,
              offset,
              new Sha256(HexFormat.of().parseHex(previous.sha256()))));
    }
    byte[] value = AvroCodec.of(Manifest.class).encode(builder.build());
    ManifestSignature.sign(value, KEYS.getPrivate());
    captures.add(record(Topics.CAPTURES, captures.size(), DOMAIN, value));
    return StoredManifest.decode(value);
  }

  TopicReader pagesReader() {
    return reader(Topics.PAGES, pages, pagesBegin);
  }

  TopicReader capturesReader() {
    return reader(Topics.CAPTURES, captures, 0);
  }

  private static TopicReader reader(
      String topic, List<ConsumerRecord<byte[], byte[]>> records, long begin) {
    var partition = new TopicPartition(topic, 0);
    var consumer =
        new MockConsumer<byte[], byte[]>("none") {
          @Override
          public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            // A mock forgets what it has given.
            records.stream().filter(each -> each.offset() >= begin).forEach(this::addRecord);
            return super.poll(timeout);
          }
        };
    consumer.updateBeginningOffsets(Map.of(partition, begin));
    consumer.updateEndOffsets(Map.of(partition, (long) records.size()));
    return new TopicReader(consumer, () -> false);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      String topic, long offset, String key, byte[] value) {
    return new ConsumerRecord<>(topic, 0, offset, key.getBytes(StandardCharsets.UTF_8), value);
  }

  private static SessionId session(int number) {
    byte[] id = new byte[16];
    id[0] = (byte) number;
    return new SessionId(id);
  }

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
