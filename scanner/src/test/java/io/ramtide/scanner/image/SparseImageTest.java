package io.ramtide.scanner.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalRange;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.FrameRun;
import io.ramtide.schemas.FrameState;
import io.ramtide.schemas.SessionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparseImageTest {
  private static final int FRAME = 4096;

  @TempDir Path temp;
  private Path folder;
  private SparseImage image;

  @BeforeEach
  void create() throws IOException {
    folder = temp.resolve("image");
    // Frames 1-9 and 100-109.
    image =
        SparseImage.create(folder, List.of(new PhysicalRange(FRAME, 9 * FRAME), range(100, 10)));
  }

  @AfterEach
  void close() throws IOException {
    image.close();
  }

  @Test
  void newImage_hasNothing() {
    assertThat(image.status(FRAME)).isEqualTo(FrameStatus.ABSENT);
    assertThat(image.count(FrameStatus.ABSENT)).isEqualTo(19);
    assertThat(image.read(FRAME, new byte[10], 0, 10)).isZero();
  }

  @Test
  void outsideOfRam_isAbsent() {
    for (long frame : new long[] {0, 10, 50, 99, 110, 1L << 40}) {
      assertThat(image.status(frame * FRAME)).as("frame %d", frame).isEqualTo(FrameStatus.ABSENT);
    }
  }

  @Test
  void read_acrossDataAndZero_stopsAtTheUnreadable() throws Exception {
    image.apply(
        chunk(
            1,
            bytes(2 * FRAME, 7),
            run(FrameState.DATA, 2),
            run(FrameState.ZERO, 1),
            run(FrameState.UNREADABLE, 1)));
    byte[] target = new byte[4 * FRAME];
    Arrays.fill(target, (byte) 0x55);
    assertThat(image.read(FRAME + 1, target, 0, target.length)).isEqualTo(3 * FRAME - 1);
    assertThat(target[0]).isEqualTo((byte) 7);
    assertThat(target[2 * FRAME - 2]).isEqualTo((byte) 7);
    assertThat(target[2 * FRAME - 1]).isZero();
    assertThat(target[3 * FRAME - 1]).isEqualTo((byte) 0x55);
  }

  @Test
  void unchangedRun_keepsWhatWasThere() throws Exception {
    image.apply(chunk(100, bytes(FRAME, 1), run(FrameState.DATA, 1)));
    image.apply(chunk(100, bytes(FRAME, 2), run(FrameState.UNCHANGED, 1), run(FrameState.DATA, 1)));
    byte[] target = new byte[2 * FRAME];
    assertThat(image.read(100 * FRAME, target, 0, target.length)).isEqualTo(2 * FRAME);
    assertThat(target[0]).isEqualTo((byte) 1);
    assertThat(target[FRAME]).isEqualTo((byte) 2);
  }

  @Test
  void dataThatBecomesZero_readsAsZero() throws Exception {
    image.apply(chunk(1, bytes(FRAME, 9), run(FrameState.DATA, 1)));
    image.apply(chunk(1, bytes(0, 0), run(FrameState.ZERO, 1)));
    byte[] target = {1};
    assertThat(image.read(FRAME, target, 0, 1)).isEqualTo(1);
    assertThat(target[0]).isZero();
  }

  @Test
  void scan_visitsDataOnlyAscending_inWholeRuns() throws Exception {
    image.apply(
        chunk(
            1,
            bytes(3 * FRAME, 3),
            run(FrameState.DATA, 2),
            run(FrameState.ZERO, 1),
            run(FrameState.DATA, 1)));
    image.apply(chunk(109, bytes(FRAME, 4), run(FrameState.DATA, 1)));
    List<String> seen = new ArrayList<>();
    assertThat(image.scan((gpa, block) -> seen.add(gpa / FRAME + "+" + block.remaining() / FRAME)))
        .isTrue();
    assertThat(seen).containsExactly("1+2", "4+1", "109+1");
  }

  @Test
  void scan_stopsWhenTheVisitorHasEnough() throws Exception {
    image.apply(chunk(1, bytes(FRAME, 3), run(FrameState.DATA, 1)));
    image.apply(chunk(100, bytes(FRAME, 3), run(FrameState.DATA, 1)));
    assertThat(image.scan((gpa, block) -> false)).isFalse();
  }

  @Test
  void chunk_thatLeavesRam_isRefused() {
    assertThatThrownBy(() -> image.apply(chunk(8, bytes(0, 0), run(FrameState.ZERO, 3))))
        .isInstanceOf(InvalidChunkException.class)
        .hasMessageContaining("not RAM");
  }

  @Test
  void chunk_withRunsAndPayloadThatDisagree_isRefused() {
    assertThatThrownBy(() -> image.apply(chunk(1, bytes(FRAME, 1), run(FrameState.DATA, 2))))
        .isInstanceOf(InvalidChunkException.class)
        .hasMessageContaining("more frames than it carries");
    assertThatThrownBy(() -> image.apply(chunk(1, bytes(FRAME, 1), run(FrameState.ZERO, 1))))
        .isInstanceOf(InvalidChunkException.class)
        .hasMessageContaining("no run names");
  }

  @Test
  void chunk_withAnEmptyOrNegativeRun_isRefused() {
    for (int frames : new int[] {0, -1, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> image.apply(chunk(1, bytes(0, 0), run(FrameState.ZERO, frames))))
          .isInstanceOf(InvalidChunkException.class);
    }
  }

  @Test
  void close_leavesNothingBehind() throws IOException {
    image.close();
    assertThat(Files.exists(folder)).isFalse();
    create();
  }

  private static PhysicalRange range(long firstFrame, long frames) {
    return new PhysicalRange(firstFrame * FRAME, frames * FRAME);
  }

  private static byte[] bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static FrameRun run(FrameState state, int frames) {
    return new FrameRun(state, frames);
  }

  private static Chunk chunk(long firstFrame, byte[] pages, FrameRun... runs) {
    return new Chunk(
        "domain",
        1L,
        new SessionId(new byte[16]),
        0,
        firstFrame,
        List.of(runs),
        0L,
        0L,
        List.of(),
        ByteBuffer.wrap(pages));
  }

  @Test
  void frameThatIsCarriedAgainAsItWas_isNoChange() throws Exception {
    image.apply(chunk(1, bytes(4 * FRAME, 1), run(FrameState.DATA, 4)));
    image.takeChanges();
    byte[] again = bytes(4 * FRAME, 1);
    again[FRAME + 7]++;
    image.apply(chunk(1, again, run(FrameState.DATA, 4)));
    assertThat(image.takeChanges().runs()).containsExactly(new PhysicalRange(2 * FRAME, FRAME));
    byte[] read = new byte[4 * FRAME];
    image.read(FRAME, read, 0, read.length);
    assertThat(read).isEqualTo(again);
  }

  @Test
  void dataAfterZeros_isAChange_evenIfItIsZeros() throws Exception {
    image.apply(chunk(1, bytes(0, 0), run(FrameState.ZERO, 1)));
    image.takeChanges();
    image.apply(chunk(1, new byte[FRAME], run(FrameState.DATA, 1)));
    assertThat(image.takeChanges().runs()).containsExactly(new PhysicalRange(FRAME, FRAME));
    assertThat(image.status(FRAME)).isEqualTo(FrameStatus.DATA);
  }

  @Test
  void takeChanges_isWhatWasAppliedSince_whateverTheState() throws Exception {
    assertThat(image.takeChanges().runs()).isEmpty();
    image.apply(
        chunk(
            1,
            bytes(2 * FRAME, 1),
            run(FrameState.UNCHANGED, 2),
            run(FrameState.DATA, 2),
            run(FrameState.ZERO, 1),
            run(FrameState.UNCHANGED, 1),
            run(FrameState.UNREADABLE, 1)));
    assertThat(image.takeChanges().runs())
        .containsExactly(
            new PhysicalRange(3 * FRAME, 3 * FRAME), new PhysicalRange(7 * FRAME, FRAME));
    assertThat(image.takeChanges().runs()).isEmpty();
  }
}
