package io.ramtide.acquirer;

import static io.ramtide.acquirer.CaptureTest.page;
import static io.ramtide.acquirer.Fixture.FRAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.Fixture.FakeRam;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.schemas.CaptureKind;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.FrameRun;
import io.ramtide.schemas.FrameState;
import io.ramtide.schemas.Manifest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingKeyframeTest {
  private static final int ROUND = 4;

  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void connect() throws Exception {
    fixture = new Fixture(folder, new KeyframePolicy.Rolling(ROUND), false);
  }

  @Test
  void capturesSinceCompleteFrom_giveAllOfRam() throws Exception {
    Random random = new Random(7);
    FakeRam ram = guest();
    List<Manifest> manifests = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      for (int j = 0; j < 5; j++) {
        ram.put(
            random.nextInt(90), random.nextBoolean() ? page(random.nextInt()) : new byte[FRAME]);
      }
      ram.unreadable = i % 3 == 2 ? List.of(new MemoryRange(100L * FRAME, 5L * FRAME)) : List.of();
      manifests.add(fixture.capture(ram));
      Manifest last = manifests.get(i);
      assertThat(last.getKind()).isEqualTo(i == 0 ? CaptureKind.KEYFRAME : CaptureKind.DELTA);
      assertThat(last.getCompleteFrom()).isEqualTo(i < ROUND ? 1 : i + 1 - ROUND + 1);
      compare(rebuilt(manifests.subList((int) (last.getCompleteFrom() - 1), i + 1)), ram);
    }
  }

  @Test
  void shares_areToldFullyAndCounted() throws Exception {
    FakeRam ram = guest();
    Manifest keyframe = fixture.capture(ram);
    assertThat(keyframe.getRefreshedFrames()).isZero();
    long told = 0;
    for (int i = 0; i < ROUND; i++) {
      Manifest delta = fixture.capture(ram);
      told += delta.getRefreshedFrames();
      assertThat(delta.getDataFrames() + delta.getZeroFrames())
          .isEqualTo(delta.getRefreshedFrames())
          .isBetween(49L, 51L);
    }
    assertThat(told).isEqualTo(200);
  }

  @Test
  void keyframe_isMadeAnewByOrderLayoutAndRestart() throws Exception {
    FakeRam ram = guest();
    for (int i = 0; i < 6; i++) {
      fixture.capture(ram);
    }
    Manifest ordered = fixture.capture(ram, new CaptureOrder(true, Optional.empty()));
    assertThat(ordered.getKind()).isEqualTo(CaptureKind.KEYFRAME);
    assertThat(ordered.getCompleteFrom()).isEqualTo(7);
    assertThat(fixture.capture(ram).getCompleteFrom()).isEqualTo(7);
    FakeRam larger = FakeRam.ofFrames(300).put(1, page(1));
    assertThat(fixture.capture(larger).getCompleteFrom()).isEqualTo(9);
    fixture.restart();
    assertThat(fixture.capture(larger).getCompleteFrom()).isEqualTo(10);
  }

  @Test
  void keyframesAtAnInterval_nameTheLastOne() throws Exception {
    fixture = new Fixture(folder, 3);
    FakeRam ram = guest();
    List<Long> completeFrom = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      completeFrom.add(fixture.capture(ram).getCompleteFrom());
    }
    assertThat(completeFrom).containsExactly(1L, 1L, 1L, 4L, 4L);
  }

  private static FakeRam guest() {
    FakeRam ram =
        new FakeRam(new MemoryRange(0, 110L * FRAME), new MemoryRange(1L << 32, 90L * FRAME));
    for (long frame = 0; frame < 110; frame += 3) {
      ram.put(frame, page(frame));
    }
    return ram.put((1L << 32) / FRAME, page(5));
  }

  /** What is not told stays unknown. */
  private Map<Long, byte[]> rebuilt(List<Manifest> captures) throws Exception {
    Map<Long, byte[]> frames = new HashMap<>();
    for (Manifest capture : captures) {
      for (Chunk chunk : fixture.chunks(capture)) {
        ByteBuffer pages = chunk.getPages().duplicate();
        long frame = chunk.getFirstFrame();
        for (FrameRun run : chunk.getRuns()) {
          for (int i = 0; i < run.getFrames(); i++, frame++) {
            byte[] content = new byte[run.getState() == FrameState.UNREADABLE ? 0 : FRAME];
            if (run.getState() == FrameState.DATA) {
              pages.get(content);
            }
            if (run.getState() != FrameState.UNCHANGED) {
              frames.put(frame, content);
            }
          }
        }
      }
    }
    return frames;
  }

  private static void compare(Map<Long, byte[]> rebuilt, FakeRam ram) {
    for (MemoryRange range : ram.ram()) {
      for (long gpa = range.gpa(); gpa < range.end(); gpa += FRAME) {
        long at = gpa;
        boolean lost = ram.unreadable.stream().anyMatch(r -> at >= r.gpa() && at < r.end());
        byte[] expected = ram.frames.getOrDefault(gpa / FRAME, new byte[FRAME]);
        assertThat(Arrays.equals(rebuilt.get(gpa / FRAME), lost ? new byte[0] : expected))
            .as("frame %d", gpa / FRAME)
            .isTrue();
      }
    }
  }
}
