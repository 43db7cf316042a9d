package io.ramtide.acquirer;

import static io.ramtide.acquirer.CaptureTest.page;
import static io.ramtide.acquirer.Fixture.FRAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.acquirer.Fixture.FakeRam;
import io.ramtide.acquirer.source.ChangeHint;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.schemas.CaptureKind;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.TornRun;
import io.ramtide.schemas.VerifiedBlocks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures of RAM that is written while it is read. */
class LiveCaptureTest {
  @TempDir Path folder;
  private Fixture fixture;
  private FakeRam ram;
  private final AtomicInteger looks = new AtomicInteger();

  @BeforeEach
  void connect() throws Exception {
    fixture = new Fixture(folder, 64);
    ram = FakeRam.ofFrames(6).put(2, page(1)).put(3, page(2)).put(4, page(3));
    ram.consistency = Consistency.LIVE;
  }

  @Test
  void frameThatChangesUnderItsCopy_isCopiedAgain() throws Exception {
    changeFrame3AfterLooks(1);
    Manifest manifest = fixture.capture(ram);
    assertThat(manifest.getRereadFrames()).isEqualTo(1);
    assertThat(manifest.getTornFrames()).isZero();
    Chunk chunk = fixture.chunks(manifest).get(0);
    assertThat(chunk.getTorn()).isEmpty();
    assertThat(carried(chunk, 1)).isEqualTo(page(1001));
  }

  @Test
  void frameThatChangesUnderEveryCopy_isTorn() throws Exception {
    changeFrame3AfterLooks(100);
    Manifest manifest = fixture.capture(ram);
    assertThat(manifest.getRereadFrames()).isEqualTo(1);
    assertThat(manifest.getTornFrames()).isEqualTo(1);
    assertThat(looks).hasValue(4); // The first copy, two more, and the last comparison.
    assertThat(fixture.chunks(manifest).get(0).getTorn()).containsExactly(new TornRun(3, 1));
  }

  @Test
  void tornFrame_thatStandsStillLater_isToldWhole() throws Exception {
    changeFrame3AfterLooks(100);
    fixture.capture(ram);
    ram.looked = gpa -> {};
    Manifest manifest = fixture.capture(ram);
    assertThat(manifest.getDataFrames()).isEqualTo(1);
    assertThat(manifest.getTornFrames()).isZero();
    assertThat(carried(fixture.chunks(manifest).get(0), 0)).isEqualTo(ram.frames.get(3L));
  }

  @Test
  void sourceThatStandsStill_isLookedAtOnce() throws Exception {
    ram.consistency = Consistency.POINT_IN_TIME;
    changeFrame3AfterLooks(100);
    Manifest manifest = fixture.capture(ram);
    assertThat(looks).hasValue(1);
    assertThat(manifest.getTornFrames()).isZero();
    assertThat(manifest.getVerifiedBlocks()).isNull();
  }

  @Test
  void verifiedBlocks_ofAGuestThatStandsStill_areEqual() throws Exception {
    fixture = new Fixture(folder, new KeyframePolicy.Every(64), true);
    ram = FakeRam.ofFrames(300);
    for (long frame = 0; frame < 300; frame++) {
      ram.put(frame, page(frame));
    }
    assertThat(fixture.capture(ram).getVerifiedBlocks()).isEqualTo(new VerifiedBlocks(3L, 0L));
    ram.put(7, page(7777));
    Manifest delta = fixture.capture(ram);
    assertThat(delta.getVerifiedBlocks()).isEqualTo(new VerifiedBlocks(1L, 0L));
    assertThat(delta.getDataFrames()).isEqualTo(1);
  }

  @Test
  void verifiedBlock_thatDiffersOnce_isCopiedAgain() throws Exception {
    fixture = new Fixture(folder, new KeyframePolicy.Every(64), true);
    ram.consistency = Consistency.POINT_IN_TIME; // Says so, and is not.
    changeFrame3AfterLooks(1);
    Manifest manifest = fixture.capture(ram);
    assertThat(manifest.getVerifiedBlocks()).isEqualTo(new VerifiedBlocks(1L, 0L));
    assertThat(manifest.getRereadFrames()).isZero(); // The copy was of one moment already.
    assertThat(carried(fixture.chunks(manifest).get(0), 1)).isEqualTo(page(1001));
  }

  @Test
  void verifiedBlock_thatAlwaysDiffers_isCounted() throws Exception {
    fixture = new Fixture(folder, new KeyframePolicy.Every(64), true);
    changeFrame3AfterLooks(1000);
    Manifest manifest = fixture.capture(ram);
    assertThat(manifest.getVerifiedBlocks()).isEqualTo(new VerifiedBlocks(1L, 1L));
    assertThat(manifest.getTornFrames()).isEqualTo(1);
  }

  @Test
  void hint_ofTheCaptureBefore_sparesTheLook() throws Exception {
    ram.hint = Optional.of(new ChangeHint("soft-dirty", 1, 0, List.of()));
    Manifest keyframe = fixture.capture(ram);
    assertThat(keyframe.getChangeDetection()).isNull();
    ram.put(3, page(9)).put(4, page(10));
    ram.hint =
        Optional.of(
            new ChangeHint("soft-dirty", 2, 1, List.of(new MemoryRange(2L * FRAME, 2L * FRAME))));
    Manifest delta = fixture.capture(ram);
    // The hint is believed: frame 3 was not looked at. That it lies shows that it is used.
    assertThat(delta.getDataFrames()).isEqualTo(1);
    assertThat(delta.getChangeDetection()).isEqualTo("keyed-hash+soft-dirty");
  }

  @Test
  void hint_ofAnotherCapture_isIgnored() throws Exception {
    ram.hint = Optional.of(new ChangeHint("soft-dirty", 1, 0, List.of()));
    fixture.capture(ram);
    ram.put(3, page(9));
    List<MemoryRange> all = List.of(new MemoryRange(0, 6L * FRAME));
    ram.hint = Optional.of(new ChangeHint("soft-dirty", 3, 2, all));
    Manifest delta = fixture.capture(ram);
    assertThat(delta.getDataFrames()).isEqualTo(1);
    assertThat(delta.getChangeDetection()).isEqualTo("keyed-hash");
  }

  @Test
  void hint_doesNotHideThatAFrameIsReadableAgain() throws Exception {
    ram.hint = Optional.of(new ChangeHint("soft-dirty", 1, 0, List.of()));
    ram.unreadable = List.of(new MemoryRange(3L * FRAME, FRAME));
    fixture.capture(ram);
    ram.unreadable = List.of();
    List<MemoryRange> all = List.of(new MemoryRange(0, 6L * FRAME));
    ram.hint = Optional.of(new ChangeHint("soft-dirty", 2, 1, all));
    assertThat(fixture.capture(ram).getDataFrames()).isEqualTo(1);
  }

  @Test
  void order_isInTheManifest() throws Exception {
    fixture.capture(ram);
    ram.warnings = List.of("the balloon is inflated", "x".repeat(5000));
    Manifest manifest = fixture.capture(ram, new CaptureOrder(true, Optional.of("command-7")));
    assertThat(manifest.getKind()).isEqualTo(CaptureKind.KEYFRAME);
    assertThat(manifest.getCommand()).isEqualTo("command-7");
    assertThat(manifest.getWarnings().get(0)).isEqualTo("the balloon is inflated");
    assertThat(manifest.getWarnings().get(1)).hasSize(1000);
    assertThat(manifest.getReadEndedAt()).isBetween(manifest.getStartedAt(), manifest.getEndedAt());
  }

  @Test
  void source_isFinishedBeforeTheBrokerIsWaitedFor() throws Exception {
    int[] manifests = {-1};
    ram.finished = () -> manifests[0] = fixture.records(io.ramtide.schemas.Topics.CAPTURES).size();
    fixture.capture(ram);
    assertThat(manifests[0]).isZero();
  }

  @Test
  void sourceThatCannotBeFinished_leavesNoManifest() throws Exception {
    ram.notFinished = new IOException("the guest has ended");
    assertThatThrownBy(() -> fixture.capture(ram))
        .isInstanceOf(CaptureException.class)
        .hasMessageContaining("the guest has ended");
    assertThat(fixture.records(io.ramtide.schemas.Topics.CAPTURES)).isEmpty();
    ram.notFinished = null;
    assertThat(fixture.capture(ram).getCapture()).isEqualTo(1);
  }

  private void changeFrame3AfterLooks(int times) {
    ram.looked =
        gpa -> {
          if (looks.incrementAndGet() <= times) {
            ram.put(3, page(1000 + looks.get()));
          }
        };
  }

  private static byte[] carried(Chunk chunk, int index) {
    byte[] pages = new byte[chunk.getPages().remaining()];
    chunk.getPages().duplicate().get(pages);
    return Arrays.copyOfRange(pages, index * FRAME, (index + 1) * FRAME);
  }
}
