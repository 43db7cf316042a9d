package io.ramtide.acquirer.source;

import static io.ramtide.acquirer.source.Ranges.between;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RangesTest {
  @Test
  void what_touches_is_one_range() {
    assertThat(Ranges.union(List.of(between(8, 9), between(0, 4), between(4, 6), between(2, 5))))
        .containsExactly(between(0, 6), between(8, 9));
  }

  @Test
  void frames_are_those_that_lie_wholly_inside() {
    assertThat(Ranges.wholeFrames(List.of(between(1, 0x3fff), between(0x5001, 0x6fff))))
        .containsExactly(between(0x1000, 0x3000));
  }

  @Test
  void random_sets_agree_with_sets_of_single_bytes() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      List<MemoryRange> a = random(random);
      List<MemoryRange> b = random(random);
      Set<Long> minus = bytes(a);
      minus.removeAll(bytes(b));
      Set<Long> both = bytes(a);
      both.retainAll(bytes(b));

      assertThat(bytes(Ranges.union(a))).isEqualTo(bytes(a));
      assertThat(bytes(Ranges.minus(a, b))).isEqualTo(minus);
      assertThat(bytes(Ranges.intersection(a, b))).isEqualTo(both);
      assertThat(Ranges.bytes(Ranges.minus(a, b))).isEqualTo(minus.size());
    }
  }

  private static List<MemoryRange> random(Random random) {
    List<MemoryRange> ranges = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      ranges.add(new MemoryRange(random.nextInt(40), 1 + random.nextInt(9)));
    }
    return ranges;
  }

  private static Set<Long> bytes(List<MemoryRange> ranges) {
    Set<Long> bytes = new TreeSet<>();
    ranges.forEach(range -> LongStream.range(range.gpa(), range.end()).forEach(bytes::add));
    return bytes;
  }
}
