package io.ramtide.acquirer;

import static io.ramtide.acquirer.Fixture.DOMAIN;
import static io.ramtide.acquirer.Fixture.FRAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.acquirer.Fixture.FakeRam;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.CaptureKind;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.FrameRun;
import io.ramtide.schemas.FrameState;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.ManifestSignature;
import io.ramtide.schemas.MerkleTree;
import io.ramtide.schemas.Rejected;
import io.ramtide.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureTest {
  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void connect() throws Exception {
    fixture = new Fixture(folder, 64);
  }

  @Test
  void firstCapture_isAKeyframeOfEveryNonZeroPage() throws Exception {
    FakeRam ram = FakeRam.ofFrames(10).put(2, page(1)).put(3, new byte[FRAME]).put(4, page(2));
    Manifest manifest = fixture.capture(ram);
    assertThat(manifest.getKind()).isEqualTo(CaptureKind.KEYFRAME);
    assertThat(manifest.getCapture()).isEqualTo(1);
    assertThat(manifest.getPrevious()).isNull();
    assertThat(manifest.getDataFrames()).isEqualTo(2);
    assertThat(manifest.getZeroFrames()).isEqualTo(8);
    Chunk chunk = fixture.chunks(manifest).get(0);
    assertThat(chunk.getRuns())
        .containsExactly(
            run(FrameState.ZERO, 2),
            run(FrameState.DATA, 1),
            run(FrameState.ZERO, 1),
            run(FrameState.DATA, 1),
            run(FrameState.ZERO, 5));
    assertThat(chunk.getPages().remaining()).isEqualTo(2 * FRAME);
    assertThat(chunk.getReadStartedAt()).isLessThanOrEqualTo(chunk.getReadEndedAt());
    assertThat(manifest.getStartedAt()).isLessThanOrEqualTo(chunk.getReadStartedAt());
  }

  @Test
  void secondCapture_carriesOnlyWhatChanged() throws Exception {
    FakeRam ram = FakeRam.ofFrames(10).put(2, page(1)).put(4, page(2)).put(6, page(3));
    Manifest first = fixture.capture(ram);
    ram.put(4, page(9)).put(6, new byte[FRAME]).put(8, page(4));
    Manifest second = fixture.capture(ram);
    assertThat(second.getKind()).isEqualTo(CaptureKind.DELTA);
    assertThat(second.getCapture()).isEqualTo(2);
    assertThat(fixture.chunks(second).get(0).getRuns())
        .containsExactly(
            run(FrameState.UNCHANGED, 4),
            run(FrameState.DATA, 1),
            run(FrameState.UNCHANGED, 1),
            run(FrameState.ZERO, 1),
            run(FrameState.UNCHANGED, 1),
            run(FrameState.DATA, 1),
            run(FrameState.UNCHANGED, 1));
    assertThat(second.getUnchangedFrames()).isEqualTo(7);
    byte[] firstValue = manifestRecords().get(0).value();
    assertThat(second.getPrevious().getCapture()).isEqualTo(1);
    assertThat(second.getPrevious().getOffset()).isZero();
    assertThat(second.getPrevious().getSha256().bytes())
        .isEqualTo(MerkleTree.sha256().digest(firstValue));
    assertThat(first.getSession()).isNotEqualTo(second.getSession());
  }

  @Test
  void unreadableFrames_areSaidInEveryCapture() throws Exception {
    FakeRam ram = FakeRam.ofFrames(20_000).put(1, page(1)).put(9_000, page(2));
    fixture.capture(ram);
    ram.unreadable = List.of(new MemoryRange(0, 10_000L * FRAME));
    for (int i = 0; i < 2; i++) {
      Manifest manifest = fixture.capture(ram);
      assertThat(manifest.getUnreadableFrames()).isEqualTo(10_000);
      assertThat(fixture.chunks(manifest).get(0).getRuns())
          .containsExactly(run(FrameState.UNREADABLE, 10_000), run(FrameState.UNCHANGED, 10_000));
    }
    ram.unreadable = List.of();
    Manifest back = fixture.capture(ram);
    assertThat(back.getDataFrames()).isEqualTo(2);
    assertThat(back.getZeroFrames()).isEqualTo(9_998);
  }

  @Test
  void keyframe_isWrittenEveryInterval() throws Exception {
    fixture = new Fixture(folder, 3);
    FakeRam ram = FakeRam.ofFrames(4).put(1, page(1));
    String kinds = "";
    for (int i = 0; i < 7; i++) {
      kinds += fixture.capture(ram).getKind().name().charAt(0);
    }
    assertThat(kinds).isEqualTo("KDDKDDK");
  }

  @Test
  void keyframe_isWrittenAfterARestartAndWhenTheLayoutChanges() throws Exception {
    FakeRam ram = FakeRam.ofFrames(4).put(1, page(1));
    fixture.capture(ram);
    fixture.restart();
    assertThat(fixture.capture(ram).getKind()).isEqualTo(CaptureKind.KEYFRAME);
    FakeRam larger = FakeRam.ofFrames(5).put(1, page(1));
    Manifest manifest = fixture.capture(larger);
    assertThat(manifest.getKind()).isEqualTo(CaptureKind.KEYFRAME);
    assertThat(manifest.getCapture()).isEqualTo(3);
    assertThat(manifest.getPrevious().getCapture()).isEqualTo(2);
  }

  @Test
  void manifest_provesItsChunks() throws Exception {
    FakeRam ram = FakeRam.ofFrames(1000);
    for (int i = 0; i < 1000; i += 2) {
      ram.put(i, page(i));
    }
    Manifest manifest = fixture.capture(ram);
    List<byte[]> leaves = fixture.chunkValues(manifest).stream().map(MerkleTree::leaf).toList();
    assertThat(leaves).hasSize(manifest.getChunks()).hasSizeGreaterThan(2);
    assertThat(manifest.getMerkleRoot().bytes()).isEqualTo(MerkleTree.root(leaves));
    ProducerRecord<byte[], byte[]> sent = manifestRecords().get(0);
    byte[] publicKey = SigningKey.at(folder.resolve("acquirer.key")).publicKey();
    assertThat(manifest.getPublicKey().array()).isEqualTo(publicKey);
    assertThat(ManifestSignature.isValid(sent.value(), publicKey)).isTrue();
    assertThat(AvroCodec.of(Manifest.class).decode(sent.value())).isEqualTo(manifest);
    byte[] forged = sent.value().clone();
    forged[60] ^= 1;
    assertThat(ManifestSignature.isValid(forged, publicKey)).isFalse();
    assertThat(fixture.acquirer.history(DOMAIN)).containsExactly(manifest);
  }

  @Test
  void records_areKeyedAndOnTheDomainsPartition() throws Exception {
    fixture.capture(new FakeRam(new MemoryRange(8L * FRAME, FRAME)).put(8, page(1)));
    ProducerRecord<byte[], byte[]> chunk = fixture.records(Topics.PAGES).get(0);
    ProducerRecord<byte[], byte[]> manifest = manifestRecords().get(0);
    assertThat(text(chunk.key())).isEqualTo(DOMAIN + "/1/8");
    assertThat(text(manifest.key())).isEqualTo(DOMAIN.toString());
    int expected =
        org.apache.kafka.clients.producer.internals.BuiltInPartitioner.partitionForKey(
            manifest.key(), 12);
    assertThat(chunk.partition()).isEqualTo(expected).isEqualTo(manifest.partition());
  }

  @Test
  void failedAcknowledgement_leavesNoManifest() throws Exception {
    FakeRam ram = FakeRam.ofFrames(1000);
    for (int i = 0; i < 1000; i++) {
      ram.put(i, page(i));
    }
    fixture.capture(ram);
    ram.put(3, page(7777));
    fixture.producer.failAtSend = fixture.producer.history().size();
    assertThatThrownBy(() -> fixture.capture(ram))
        .isInstanceOfSatisfying(
            CaptureException.class,
            e -> assertThat(e.origin()).isEqualTo(CaptureException.Cause.BROKER))
        .hasMessageContaining("localhost:9092")
        .hasMessageContaining("Nothing of it is visible");
    assertThat(manifestRecords()).hasSize(1);
    Manifest again = fixture.capture(ram);
    assertThat(again.getCapture()).isEqualTo(2);
    assertThat(again.getKind()).isEqualTo(CaptureKind.KEYFRAME);
  }

  @Test
  void failedSource_leavesNoManifest() throws Exception {
    FakeRam ram = FakeRam.ofFrames(4).put(1, page(1));
    ram.failure = new IOException("ram.raw: has shrunk");
    assertThatThrownBy(() -> fixture.capture(ram))
        .isInstanceOfSatisfying(
            CaptureException.class,
            e -> assertThat(e.origin()).isEqualTo(CaptureException.Cause.SOURCE))
        .hasMessageContaining("ram.raw: has shrunk");
    assertThat(manifestRecords()).isEmpty();
  }

  @Test
  void numberTakenDuringTheCapture_isNotWrittenAgain() throws Exception {
    FakeRam ram = FakeRam.ofFrames(4).put(1, page(1));
    Fixture.FakeProducer topics = fixture.producer;
    Acquirer first = fixture.acquirer;
    fixture.restart();
    Acquirer second = fixture.acquirer;
    boolean[] done = new boolean[1];
    Progress rival =
        (bytes, total) -> {
          if (!done[0]) {
            done[0] = true;
            try {
              second.capture(DOMAIN, java.util.Optional.empty(), ram, Progress.NONE);
            } catch (CaptureException e) {
              throw new AssertionError(e);
            }
          }
        };
    assertThatThrownBy(() -> first.capture(DOMAIN, java.util.Optional.empty(), ram, rival))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("capture 1")
        .hasMessageContaining("another acquirer");
    assertThat(topics.history().stream().filter(each -> each.topic().equals(Topics.CAPTURES)))
        .hasSize(1);
  }

  @Test
  void numberTakenAtTheSameMoment_isNoticedAndTheFirstCounts() throws Exception {
    FakeRam ram = FakeRam.ofFrames(4).put(1, page(1));
    Acquirer first = fixture.acquirer;
    fixture.restart();
    Acquirer second = fixture.acquirer;
    fixture.producer.beforeManifest =
        () -> {
          try {
            second.capture(DOMAIN, java.util.Optional.empty(), ram, Progress.NONE);
          } catch (CaptureException e) {
            throw new AssertionError(e);
          }
        };
    assertThatThrownBy(() -> first.capture(DOMAIN, java.util.Optional.empty(), ram, Progress.NONE))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("another acquirer");
    assertThat(first.history(DOMAIN)).hasSize(1);
    assertThat(second.capture(DOMAIN, java.util.Optional.empty(), ram, Progress.NONE).getCapture())
        .isEqualTo(2);
  }

  @Test
  void foreignRecords_areRejectedOnceAndSkipped() throws Exception {
    FakeRam ram = FakeRam.ofFrames(4).put(1, page(1));
    fixture.capture(ram);
    byte[] key = DOMAIN.toString().getBytes(StandardCharsets.UTF_8);
    int partition = manifestRecords().get(0).partition();
    fixture.inject(Topics.CAPTURES, partition, key, new byte[5000]);
    fixture.inject(Topics.CAPTURES, partition, null, null);
    fixture.inject(
        Topics.CAPTURES, partition, key, Arrays.copyOf(manifestRecords().get(0).value(), 100));
    fixture.inject(
        Topics.CAPTURES, partition, new byte[500], "hello".getBytes(StandardCharsets.UTF_8));
    assertThat(fixture.capture(ram).getCapture()).isEqualTo(2);
    assertThat(fixture.acquirer.history(DOMAIN)).hasSize(2);
    List<ProducerRecord<byte[], byte[]>> records = fixture.records(Topics.REJECTED);
    assertThat(records).hasSize(4);
    Rejected first = AvroCodec.of(Rejected.class).decode(records.get(0).value());
    assertThat(first.getRole()).isEqualTo("acquirer");
    assertThat(first.getOffset()).isEqualTo(1);
    assertThat(first.getValueBytes()).isEqualTo(5000);
    assertThat(first.getValueHead().remaining()).isEqualTo(1024);
    Rejected last = AvroCodec.of(Rejected.class).decode(records.get(3).value());
    assertThat(last.getKeyHead().remaining()).isEqualTo(256);
  }

  private List<ProducerRecord<byte[], byte[]>> manifestRecords() {
    return fixture.records(Topics.CAPTURES);
  }

  private static FrameRun run(FrameState state, int frames) {
    return new FrameRun(state, frames);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static byte[] page(long seed) {
    byte[] page = new byte[FRAME];
    new Random(seed).nextBytes(page);
    return page;
  }
}
