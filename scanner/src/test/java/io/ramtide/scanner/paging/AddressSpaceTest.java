package io.ramtide.scanner.paging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import io.ramtide.scanner.paging.AddressSpace.Piece;
import io.ramtide.scanner.paging.AddressSpace.ReadResult;
import java.util.Arrays;
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
  void readIntoAPageThatIsPagedOut_isPartialWithTheReason() {
    memory.putLong(0x4008, 0x1234_0000_10c0L);

    ReadResult read = space(memory).read(0xff8, new byte[16], 0, 16);

    assertThat(read.bytes()).isEqualTo(8);
    assertThat(read.isComplete()).isFalse();
    assertThat(read.gap().orElseThrow().text()).isEqualTo("page in pagefile 1 at 0x1234000 (PTE)");
    assertThat(read.gap().orElseThrow().va()).isEqualTo(0x1000);
  }

  @Test
  void readIntoAFrameThatWasNotCaptured_isPartialWithAnotherReason() {
    ReadResult read = space(memory.without(0x7000)).read(0xff8, new byte[16], 0, 16);

    assertThat(read.bytes()).isEqualTo(8);
    assertThat(read.gap())
        .contains(new Translation.NotCaptured(0x1000, 0x7000, FrameStatus.ABSENT, "page"));
  }

  @Test
  void readIntoADemandZeroPage_givesZerosAndSaysSo() {
    memory.putLong(0x4008, 0x80);
    byte[] target = new byte[16];
    Arrays.fill(target, (byte) 0x55);

    ReadResult read = space(memory).read(0xff8, target, 0, 16);

    assertThat(read.isComplete()).isTrue();
    assertThat(read.bytes()).isEqualTo(16);
    assertThat(read.gaps()).isEmpty();
    assertThat(read.pieces()).containsExactly(new Piece(8, 8, new Translation.Zeros(0x1000)));
    assertThat(target).startsWith(0x11, 0x11).endsWith(0, 0, 0, 0, 0, 0, 0, 0);
    assertThat(space(memory).qword(0x1800)).hasValue(0);
    assertThat(space(memory).gpa(0x1800)).isEmpty();
  }

  @Test
  void readAround_goesOnAfterGapsAndNamesEach() {
    memory.putLong(0x4010, 0x1234_0000_10c0L);
    memory.putLong(0x4018, 0x1235_0000_10c0L);
    memory.putLong(0x4020, 0x7001);
    memory.putLong(0x4028, 0x80);
    byte[] target = new byte[0x6000];

    ReadResult read = space(memory).readAround(0x800, target, 0, target.length);

    assertThat(read.bytes()).isEqualTo(0x1800);
    assertThat(read.gap().orElseThrow().status()).isEqualTo("paged out");
    assertThat(read.pieces())
        .extracting(piece -> piece.offset() + "+" + piece.length() + " " + piece.why().status())
        .containsExactly("6144+8192 paged out", "18432+4096 demand-zero", "22528+2048 not mapped");
    assertThat(read.gaps()).hasSize(2);
    assertThat(target[0x3800]).isEqualTo((byte) 0x22);
  }

  @Test
  void readOfNothing_isComplete() {
    assertThat(space(memory).read(0x5000, new byte[0], 0, 0).isComplete()).isTrue();
  }

  private static AddressSpace space(PhysicalMemory memory) {
    return new AddressSpace(
        new PageTables(PagingMode.X64_4_LEVEL, new FrameReader(memory), 0x1000));
  }
}
