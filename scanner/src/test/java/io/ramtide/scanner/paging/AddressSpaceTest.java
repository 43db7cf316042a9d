package io.ramtide.scanner.paging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.paging.AddressSpace.ReadResult;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AddressSpaceTest {
  private final TestMemory memory = TestMemory.ofSize(1 << 20);

  AddressSpaceTest() {
    memory.putLong(0x1000, 0x2001);
    memory.putLong(0x2000, 0x3001);
    memory.putLong(0x3000, 0x4001);
    memory.putLong(0x4000, 0x9001);
    memory.putLong(0x4008, 0x7001);
    memory.putLong(0x9ff8, 0x1111_1111_1111_1111L);
    memory.putLong(0x7000, 0x2222_2222_2222_2222L);
  }

  @Test
  void read_goesOnInTheNextPageWhereverItIs() {
    assertThat(space(memory).qword(0xffc).orElseThrow()).isEqualTo(0x2222_2222_1111_1111L);
  }

  @Test
  void readIntoAnAbsentPage_isPartialWithTheReason() {
    memory.putLong(0x4008, 0x80);

    ReadResult read = space(memory).read(0xff8, new byte[16], 0, 16);

    assertThat(read)
        .isEqualTo(
            new ReadResult(
                8, Optional.of(new Translation.NotResident(0x1000, PteState.DEMAND_ZERO, "PTE"))));
  }

  @Test
  void readIntoAFrameThatWasNotCaptured_isPartialWithAnotherReason() {
    ReadResult read = space(memory.without(0x7000)).read(0xff8, new byte[16], 0, 16);

    assertThat(read)
        .isEqualTo(
            new ReadResult(
                8,
                Optional.of(
                    new Translation.NotCaptured(0x1000, 0x7000, FrameStatus.ABSENT, "page"))));
  }

  private static AddressSpace space(PhysicalMemory memory) {
    return new AddressSpace(
        new PageTables(PagingMode.X64_4_LEVEL, new FrameReader(memory), 0x1000));
  }
}
