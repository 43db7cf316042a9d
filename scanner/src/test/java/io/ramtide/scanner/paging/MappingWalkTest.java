package io.ramtide.scanner.paging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.TestMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MappingWalkTest {
  private final TestMemory memory = TestMemory.ofSize(1 << 20);
  private final PageTables tables =
      new PageTables(PagingMode.X64_4_LEVEL, new FrameReader(memory), 0x1000);

  @Test
  void mappings_areVisitedByAddress() {
    kernelTables();

    assertThat(walk(0xffff_f800_0000_0000L, -1))
        .containsExactly(
            "fffff80000003000 9000 1000",
            "fffff80000005000 8000 1000",
            "fffff80000200000 0 200000");
  }

  @Test
  void range_leavesOutWhatIsOutside() {
    kernelTables();

    assertThat(walk(0xffff_f800_0000_4000L, 0xffff_f800_0000_5fffL))
        .containsExactly("fffff80000005000 8000 1000");
  }

  @Test
  void reverseMap_findsTheAddressOfAFrameInPagesOfAnySize() {
    kernelTables();
    ReverseMap addresses = new ReverseMap(tables, List.of(0x8123L, 0x1_2345L, 0xdead_0000L), 393);

    assertThat(addresses.va(0x8123)).isEqualTo(OptionalLong.of(0xffff_f800_0000_5123L));
    assertThat(addresses.va(0x1_2345)).isEqualTo(OptionalLong.of(0xffff_f800_0021_2345L));
    assertThat(addresses.va(0xdead_0000L)).isEmpty();
  }

  @Test
  @Timeout(10)
  void tableFullOfItself_isWalkedOnceALevel() {
    for (int i = 0; i < 512; i++) {
      memory.putLong(0x1000 + i * 8L, 0x1001);
    }

    assertThat(walk(0, -1)).hasSize(512);
  }

  private void kernelTables() {
    memory.putLong(0x1000 + 0x1f0 * 8, 0x2001);
    memory.putLong(0x2000, 0x3001);
    memory.putLong(0x3000, 0x4001);
    memory.putLong(0x3008, 0x81);
    memory.putLong(0x4000 + 3 * 8, 0x9001);
    memory.putLong(0x4000 + 5 * 8, 0x8001);
  }

  private List<String> walk(long first, long last) {
    List<String> mappings = new ArrayList<>();
    MappingWalk.walk(
        tables,
        first,
        last,
        (va, gpa, bytes) -> mappings.add("%x %x %x".formatted(va, gpa, bytes)));
    return mappings;
  }
}
