package io.ramtide.scanner.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameSetTest {
  private static final int FRAME = PhysicalMemory.FRAME_BYTES;

  @Test
  void contains_isWhatWasAdded_inAnyOrder() {
    Random random = new Random(1);
    for (int round = 0; round < 200; round++) {
      FrameSet.Builder builder = new FrameSet.Builder(1000);
      BitSet expected = new BitSet();
      for (int i = random.nextInt(30); i > 0; i--) {
        int first = random.nextInt(200);
        int frames = 1 + random.nextInt(10);
        builder.add(first, frames);
        expected.set(first, first + frames);
      }
      FrameSet set = builder.build();
      for (int frame = 0; frame < 220; frame++) {
        assertThat(set.contains((long) frame * FRAME + 7)).isEqualTo(expected.get(frame));
      }
      long total = set.runs().stream().mapToLong(PhysicalRange::length).sum();
      assertThat(total).as("runs do not overlap").isEqualTo((long) expected.cardinality() * FRAME);
    }
  }

  @Test
  void tooManyRuns_areAllFrames() {
    FrameSet.Builder builder = new FrameSet.Builder(2);
    builder.add(1, 1);
    builder.add(3, 1);
    assertThat(builder.build().isAll()).isFalse();
    builder.add(5, 1);
    assertThat(builder.build().isAll()).isTrue();
    assertThat(builder.build().contains(0)).isTrue();
  }
}
