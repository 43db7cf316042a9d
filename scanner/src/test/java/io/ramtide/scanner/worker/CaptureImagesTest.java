package io.ramtide.scanner.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.scanner.image.ImageCache;
import io.ramtide.scanner.image.SparseImage;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.schemas.Rejected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureImagesTest {
  @TempDir Path temp;

  private final FakeTopics topics = new FakeTopics();
  private final RejectedRecords rejected = new RejectedRecords();
  private ImageCache cache;

  @BeforeEach
  void openCache() throws IOException {
    cache = new ImageCache(temp);
  }

  @AfterEach
  void closeCache() throws IOException {
    cache.close();
  }

  @Test
  void keyframe_isTheWholeImage() throws Exception {
    byte[] chunk = topics.addChunk(1, 1, 0, b(1), b(2), b(3), b(4));
    assertThat(frames(topics.addManifest(1, 1, null, 0, 0, chunk))).containsExactly(1, 2, 3, 4);
    assertThat(rejected.drain()).isEmpty();
  }

  @Test
  void delta_withTheCaptureBeforeInTheCache_isAppliedToIt() throws Exception {
    StoredManifest keyframe = keyframe();
    images().imageOf(keyframe);
    SparseImage before = cache.get(FakeTopics.DOMAIN).orElseThrow().image();
    byte[] chunk = topics.addChunk(2, 2, 0, null, b(9), null, null);
    StoredManifest delta = topics.addManifest(2, 2, keyframe, 1, 1, chunk);
    assertThat(frames(delta)).containsExactly(1, 9, 3, 4);
    assertThat(cache.get(FakeTopics.DOMAIN).orElseThrow().image()).isSameAs(before);
  }

  @Test
  void delta_withAnEmptyCache_isRebuiltFromTheKeyframe() throws Exception {
    StoredManifest keyframe = keyframe();
    byte[] second = topics.addChunk(2, 2, 0, null, b(9), null, null);
    StoredManifest delta = topics.addManifest(2, 2, keyframe, 1, 1, second);
    byte[] third = topics.addChunk(3, 3, 0, b(7), null, null, null);
    assertThat(frames(topics.addManifest(3, 3, delta, 2, 2, third))).containsExactly(7, 9, 3, 4);
  }

  @Test
  void chunksOfAnAttemptThatDied_areIgnored() throws Exception {
    topics.addChunk(1, 99, 0, b(5), b(5), b(5), b(5));
    byte[] chunk = topics.addChunk(1, 1, 0, b(1), b(2), b(3), b(4));
    topics.addChunk(1, 98, 0, b(6), b(6), b(6), b(6));
    byte[] last = topics.addChunk(1, 1, 1, null, null, null, null);
    assertThat(frames(topics.addManifest(1, 1, null, 0, 3, chunk, last)))
        .containsExactly(1, 2, 3, 4);
    assertThat(rejected.drain()).isEmpty();
  }

  @Test
  void foreignRecordInBetween_isRejectedAndTheCaptureLives() throws Exception {
    topics.addPage("hello", "Kafka".getBytes(StandardCharsets.UTF_8));
    byte[] chunk = topics.addChunk(1, 1, 0, b(1), b(2), b(3), b(4));
    assertThat(frames(topics.addManifest(1, 1, null, 0, 1, chunk))).containsExactly(1, 2, 3, 4);
    assertThat(rejected.drain())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.getOffset()).isZero();
              assertThat(record.getReason()).contains("domain/capture/frame");
              assertThat(record.getValueBytes()).isEqualTo(5);
            });
  }

  @Test
  void missingChunk_makesTheCaptureUnreadable() throws Exception {
    byte[] chunk = topics.addChunk(1, 1, 0, b(1), b(2), b(3), b(4));
    topics.addPage("hello", new byte[0]);
    StoredManifest manifest = topics.addManifest(1, 1, null, 0, 1, chunk, chunk);
    assertUnreadable(manifest, "1 of its 2 chunks are not on ramtide.pages");
  }

  @Test
  void changedChunk_makesTheCaptureUnreadable() throws Exception {
    byte[] signed = topics.addChunk(1, 1, 0, b(1), b(2), b(3), b(4));
    topics.addChunk(1, 1, 0, b(1), b(2), b(3), b(5));
    assertUnreadable(topics.addManifest(1, 1, null, 1, 1, signed), "Merkle root");
  }

  @Test
  void corruptChunk_isRejectedAndMakesTheCaptureUnreadable() throws Exception {
    topics.addPage(FakeTopics.DOMAIN + "/1/16", new byte[] {1, 2, 3});
    StoredManifest manifest = topics.addManifest(1, 1, null, 0, 0, new byte[] {1, 2, 3});
    assertUnreadable(manifest, "1 of its 1 chunks");
    assertThat(rejected.drain()).extracting(Rejected::getOffset).containsExactly(0L);
  }

  @Test
  void expiredPages_makeTheCaptureUnreadable() throws Exception {
    StoredManifest keyframe = keyframe();
    topics.expirePagesBefore(1);
    assertUnreadable(keyframe, "its pages have expired");
    assertUnreadable(keyframe, "retention has deleted all before 1");
  }

  @Test
  void rollingCaptures_withAnEmptyCache_areRebuiltFromWhereTheyAreComplete() throws Exception {
    StoredManifest last = rolling();
    topics.expirePagesBefore(1); // The keyframe is gone.
    assertThat(frames(last)).containsExactly(1, 8, 3, 7);
    assertThat(rejected.drain()).isEmpty();
  }

  @Test
  void rollingCapture_thatBuildsOnExpiredPages_saysSo() throws Exception {
    StoredManifest last = rolling();
    topics.expirePagesBefore(2);
    assertUnreadable(last, "the pages of capture 2, on which it builds, have expired");
    assertThat(cache.get(FakeTopics.DOMAIN)).isEmpty();
  }

  @Test
  void rollingCapture_afterExpiredOnes_isReadable() throws Exception {
    StoredManifest third = rolling();
    topics.expirePagesBefore(2);
    assertUnreadable(third, "capture 2");
    topics.completeFrom = 3L;
    byte[] fourth = topics.addChunk(4, 4, 0, b(5), b(6), null, null);
    assertThat(frames(topics.addManifest(4, 4, third, 3, 3, fourth))).containsExactly(5, 6, 3, 7);
  }

  @Test
  void captureThatClaimsToBeComplete_andIsNot_isUnreadable() throws Exception {
    StoredManifest keyframe = keyframe();
    topics.completeFrom = 2L;
    byte[] chunk = topics.addChunk(2, 2, 0, null, b(9), null, null);
    assertUnreadable(
        topics.addManifest(2, 2, keyframe, 1, 1, chunk),
        "3 frames of its RAM are told by none of the captures 2 to 2");
  }

  @Test
  void rollingCapture_withTheCaptureBeforeInTheCache_isAppliedToIt() throws Exception {
    StoredManifest third = rolling();
    images().imageOf(third);
    SparseImage before = cache.get(FakeTopics.DOMAIN).orElseThrow().image();
    topics.completeFrom = 3L;
    byte[] fourth = topics.addChunk(4, 4, 0, null, null, null, b(4));
    assertThat(frames(topics.addManifest(4, 4, third, 3, 3, fourth))).containsExactly(1, 8, 3, 4);
    assertThat(cache.get(FakeTopics.DOMAIN).orElseThrow().image()).isSameAs(before);
  }

  /** A keyframe and two captures of which each tells one half of RAM besides what changed. */
  private StoredManifest rolling() throws Exception {
    StoredManifest keyframe = keyframe();
    topics.completeFrom = 1L;
    byte[] second = topics.addChunk(2, 2, 0, b(1), b(2), null, b(7));
    StoredManifest first = topics.addManifest(2, 2, keyframe, 1, 1, second);
    topics.completeFrom = 2L;
    byte[] third = topics.addChunk(3, 3, 0, null, b(8), b(3), b(7));
    return topics.addManifest(3, 3, first, 2, 2, third);
  }

  @Test
  void deltaWhosePredecessorIsAnother_isUnreadable() throws Exception {
    StoredManifest keyframe = keyframe();
    byte[] chunk = topics.addChunk(2, 2, 0, null, b(9), null, null);
    // It names the manifest before it by offset, but with another one's hash.
    var forged = new StoredManifest(keyframe.manifest(), "00".repeat(32));
    assertUnreadable(
        topics.addManifest(2, 2, forged, 1, 1, chunk), "not the one that capture 2 continues");
  }

  @Test
  void failedDelta_dropsTheImage_soThatTheNextIsRebuilt() throws Exception {
    StoredManifest keyframe = keyframe();
    images().imageOf(keyframe);
    StoredManifest broken = topics.addManifest(2, 2, keyframe, 0, 0, new byte[] {1});
    assertUnreadable(broken, "chunks");
    assertThat(cache.get(FakeTopics.DOMAIN)).isEmpty();
    assertThat(frames(keyframe)).containsExactly(1, 2, 3, 4);
  }

  private StoredManifest keyframe() throws Exception {
    byte[] chunk = topics.addChunk(1, 1, 0, b(1), b(2), b(3), b(4));
    return topics.addManifest(1, 1, null, 0, 0, chunk);
  }

  private void assertUnreadable(StoredManifest manifest, String why) {
    CaptureImages images = images();
    assertThatThrownBy(() -> images.imageOf(manifest))
        .isInstanceOf(CaptureUnreadableException.class)
        .hasMessageContaining(why);
  }

  private List<Integer> frames(StoredManifest manifest) throws Exception {
    SparseImage image = images().imageOf(manifest);
    assertThat(image.count(FrameStatus.DATA)).isEqualTo(4);
    byte[] ram = new byte[4 * FakeTopics.FRAME];
    assertThat(image.read(FakeTopics.FIRST_FRAME * FakeTopics.FRAME, ram, 0, ram.length))
        .isEqualTo(ram.length);
    return List.of(
        (int) ram[0],
        (int) ram[FakeTopics.FRAME],
        (int) ram[2 * FakeTopics.FRAME],
        (int) ram[3 * FakeTopics.FRAME]);
  }

  private CaptureImages images() {
    return new CaptureImages(
        cache, topics.capturesReader(), new ChunkReader(topics.pagesReader(), rejected));
  }

  private static Byte b(int value) {
    return (byte) value;
  }
}
