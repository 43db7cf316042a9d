package io.ramtide.acquirer;

import static io.ramtide.acquirer.Fixture.FRAME;
import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.acquirer.Fixture.FakeRam;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.FrameRun;
import io.ramtide.schemas.FrameState;
import io.ramtide.schemas.Manifest;
import io.ramtide.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applies keyframes and deltas as a reader does, and compares with the memory itself. */
class RebuildTest {
  private static final byte[] UNREADABLE = new byte[0];

  @TempDir Path folder;
  private final Map<Long, byte[]> rebuilt = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void keyframeAndDeltas_rebuildTheMemory(long seed) throws Exception {
    Random random = new Random(seed);
    Fixture fixture = new Fixture(folder, 5);
    FakeRam ram =
        new FakeRam(
            new MemoryRange(FRAME, 159L * FRAME),
            new MemoryRange(256L * FRAME, 9000L * FRAME),
            new MemoryRange(1L << 32, 300L * FRAME));
    for (int capture = 0; capture < 9; capture++) {
      edit(ram, random);
      Manifest manifest = fixture.capture(ram);
      apply(ram, fixture.chunks(manifest), manifest);
      compare(ram);
    }
  }

  @Test
  void alternatingStates_stayWithinARecord() throws Exception {
    Fixture fixture = new Fixture(folder, 64);
    FakeRam ram = FakeRam.ofFrames(20_000);
    byte[] page = CaptureTest.page(1);
    for (long frame = 0; frame < 20_000; frame++) {
      ram.put(frame, page);
    }
    Manifest first = fixture.capture(ram);
    apply(ram, fixture.chunks(first), first);
    for (long frame = 0; frame < 20_000; frame += 2) {
      ram.put(frame, new byte[FRAME]);
    }
    Manifest second = fixture.capture(ram);
    assertThat(second.getChunks()).isBetween(2, 6);
    apply(ram, fixture.chunks(second), second);
    compare(ram);
    for (byte[] value : fixture.chunkValues(first)) {
      assertThat(value.length).isLessThan(600 * 1024);
    }
  }

  private void edit(FakeRam ram, Random random) {
    for (MemoryRange range : ram.ram()) {
      long frames = range.length() / FRAME;
      for (int i = 0; i < 40; i++) {
        long first = range.gpa() / FRAME + random.nextLong(frames);
        long end = Math.min(range.end() / FRAME, first + 1 + random.nextInt(i == 0 ? 600 : 4));
        int what = random.nextInt(3);
        for (long frame = first; frame < end; frame++) {
          switch (what) {
            case 0 -> ram.frames.remove(frame);
            case 1 -> ram.put(frame, new byte[FRAME]);
            default -> ram.put(frame, CaptureTest.page(random.nextInt(50)));
          }
        }
      }
    }
    long first = 256L + random.nextInt(9000);
    long frames = Math.min(9256 - first, 1 + random.nextInt(5000));
    ram.unreadable =
        random.nextBoolean() ? List.of() : List.of(new MemoryRange(first * FRAME, frames * FRAME));
  }

  private void apply(FakeRam ram, List<Chunk> chunks, Manifest manifest) {
    List<MemoryRange> covered = new ArrayList<>();
    Map<FrameState, Long> counts = new HashMap<>();
    int sequence = 0;
    for (Chunk chunk : chunks) {
      assertThat(chunk.getSequence()).isEqualTo(sequence++);
      assertThat(chunk.getSession()).isEqualTo(manifest.getSession());
      assertThat(chunk.getPages().remaining()).isLessThanOrEqualTo(Topics.MAX_CHUNK_PAYLOAD);
      long frame = chunk.getFirstFrame();
      ByteBuffer pages = chunk.getPages().duplicate();
      for (FrameRun run : chunk.getRuns()) {
        assertThat(run.getFrames()).isPositive();
        counts.merge(run.getState(), (long) run.getFrames(), Long::sum);
        for (int i = 0; i < run.getFrames(); i++, frame++) {
          apply(frame, run.getState(), pages);
        }
      }
      assertThat(pages.hasRemaining()).isFalse();
      long gpa = chunk.getFirstFrame() * FRAME;
      MemoryRange last = covered.isEmpty() ? null : covered.get(covered.size() - 1);
      if (last != null && last.end() == gpa) {
        covered.set(covered.size() - 1, new MemoryRange(last.gpa(), frame * FRAME - last.gpa()));
      } else {
        covered.add(new MemoryRange(gpa, frame * FRAME - gpa));
      }
    }
    assertThat(covered).isEqualTo(ram.ram());
    assertThat(counts.getOrDefault(FrameState.DATA, 0L)).isEqualTo(manifest.getDataFrames());
    assertThat(counts.getOrDefault(FrameState.ZERO, 0L)).isEqualTo(manifest.getZeroFrames());
    assertThat(counts.getOrDefault(FrameState.UNCHANGED, 0L))
        .isEqualTo(manifest.getUnchangedFrames());
    assertThat(counts.getOrDefault(FrameState.UNREADABLE, 0L))
        .isEqualTo(manifest.getUnreadableFrames());
  }

  private void apply(long frame, FrameState state, ByteBuffer pages) {
    switch (state) {
      case DATA -> {
        byte[] page = new byte[FRAME];
        pages.get(page);
        rebuilt.put(frame, page);
      }
      case ZERO -> rebuilt.put(frame, new byte[FRAME]);
      case UNREADABLE -> rebuilt.put(frame, UNREADABLE);
      case UNCHANGED -> assertThat(rebuilt).containsKey(frame);
    }
  }

  private void compare(FakeRam ram) {
    for (MemoryRange range : ram.ram()) {
      for (long gpa = range.gpa(); gpa < range.end(); gpa += FRAME) {
        long at = gpa;
        boolean lost =
            ram.unreadable.stream().anyMatch(each -> at >= each.gpa() && at < each.end());
        byte[] expected = lost ? UNREADABLE : ram.frames.getOrDefault(gpa / FRAME, new byte[FRAME]);
        if (!java.util.Arrays.equals(rebuilt.get(gpa / FRAME), expected)) {
          throw new AssertionError("frame " + gpa / FRAME + " differs");
        }
      }
    }
  }
}
