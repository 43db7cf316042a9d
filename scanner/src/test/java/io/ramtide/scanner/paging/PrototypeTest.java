package io.ramtide.scanner.paging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import io.ramtide.scanner.memory.TestMemory;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Pages that are found through a prototype PTE, and such that lead nowhere in bounded time. */
class PrototypeTest {
  private static final long PROCESS = 0x1000;
  private static final long KERNEL = 0x10000;

  /** A kernel page full of prototype PTEs: its own PTE is at 0x13000. */
  private static final long POOL = 0xffff_a000_0000_0000L;

  private static final long POOL_FRAME = 0x20000;
  private static final long VA = 0x7ff1_2345_6123L;
  private static final long PTE = 0x42b0;

  private final TestMemory memory = TestMemory.ofSize(1 << 20);

  PrototypeTest() {
    table(PROCESS, VA);
    table(KERNEL, POOL);
    memory.putLong(0x13000, POOL_FRAME | 0x63);
    point(PTE, POOL + 0x18);
  }

  @Test
  void validPrototype_isFollowed() {
    prototype(0x7063);

    assertThat(translate())
        .isEqualTo(new Translation.Mapped(VA, 0x7123, 0x1000, PteState.VALID, true));
  }

  @Test
  void prototypeInTransition_isFollowed() {
    prototype(0x7880);

    assertThat(translate())
        .isEqualTo(new Translation.Mapped(VA, 0x7123, 0x1000, PteState.TRANSITION, true));
  }

  @Test
  void prototypeInASubsection_isInItsFile() {
    prototype(0x8a00_1234_5678_0460L);

    assertThat(translate().status()).isEqualTo("in file");
    assertThat(translate().text()).contains("prototype PTE");
  }

  @Test
  void prototypeOfZerosByDemand_readsAsZeros() {
    prototype(0x80);

    assertThat(translate()).isEqualTo(new Translation.Zeros(VA));
  }

  @Test
  void prototypeInAPagefile_saysWhere() {
    prototype(0x1234_0000_20c0L);

    assertThat(translate().text()).isEqualTo("page in pagefile 2 at 0x1234000 (prototype PTE)");
    assertThat(translate().status()).isEqualTo("paged out");
  }

  @Test
  void emptyPrototype_isNotMapped() {
    assertThat(translate().status()).isEqualTo("not mapped");
  }

  @Test
  void prototypeThatIsPagedOutItself_isSaidSo() {
    memory.putLong(0x13000, 0x1234_0000_20c0L);

    assertThat(translate().status()).isEqualTo("prototype PTE paged out");
    assertThat(translate().text())
        .isEqualTo(
            "page behind a prototype PTE at 0xffffa00000000018: page in pagefile 2 at 0x1234000"
                + " (PTE)");
  }

  @Test
  void prototypeThatWasNotCaptured_isSaidSo() {
    assertThat(process(memory.without(POOL_FRAME), VadLookup.NONE).translate(VA).status())
        .isEqualTo("prototype PTE not captured");
  }

  @Test
  void prototypeInUserSpace_isNotFollowed() {
    point(PTE, VA & ~7);

    assertThat(translate().status()).isEqualTo("behind a prototype PTE");
  }

  @Test
  void prototypeBehindItself_endsAfterAFewSteps() {
    memory.putLong(0x13000, 0x400 | POOL << 16);

    assertThat(translate()).isInstanceOf(Translation.PrototypeMissing.class);
    assertBounded();
  }

  @Test
  void prototypesBehindEachOther_endAfterAFewSteps() {
    memory.putLong(0x13000, 0x400 | (POOL + 0x1000) << 16);
    memory.putLong(0x13008, 0x400 | POOL << 16);

    assertThat(translate()).isInstanceOf(Translation.PrototypeMissing.class);
    assertBounded();
  }

  @Test
  void vadForm_isAskedOfTheVad() {
    memory.putLong(PTE, 0xffff_ffff_0000_0400L);
    prototype(0x7063);

    assertThat(translate().status()).isEqualTo("described by its VAD only");
    VadLookup vads = va -> va == VA ? OptionalLong.of(POOL + 0x18) : OptionalLong.empty();
    assertThat(process(memory, vads).translate(VA)).isInstanceOf(Translation.Mapped.class);
    assertThat(process(memory, vads).translate(VA + 1).status())
        .isEqualTo("described by its VAD only");
  }

  @Test
  void emptyEntry_isAskedOfTheVad() {
    memory.putLong(PROCESS + ((VA >>> 39) & 511) * 8, 0);
    VadLookup committed =
        new VadLookup() {
          @Override
          public OptionalLong prototypePte(long va) {
            return OptionalLong.empty();
          }

          @Override
          public boolean isDemandZero(long va) {
            return va == VA;
          }
        };

    assertThat(translate().status()).isEqualTo("not mapped");
    assertThat(process(memory, committed).translate(VA)).isEqualTo(new Translation.Zeros(VA));
    assertThat(process(memory, committed).translate(POOL + 0x5000).status())
        .isEqualTo("not mapped");
  }

  @Test
  void tablesInTransition_areWalked() {
    long transition = 0x800 | 0x80;
    memory.putLong(PROCESS + ((VA >>> 39) & 511) * 8, 0x2000 | transition);
    memory.putLong(0x2000 + ((VA >>> 30) & 511) * 8, 0x3000 | transition);
    memory.putLong(0x3000 + ((VA >>> 21) & 511) * 8, 0x4000 | transition);
    memory.putLong(PTE, 0x7000 | transition);

    assertThat(translate())
        .isEqualTo(new Translation.Mapped(VA, 0x7123, 0x1000, PteState.TRANSITION, false));
  }

  private void assertBounded() {
    AtomicInteger reads = new AtomicInteger();
    process(new Counting(memory, reads), VadLookup.NONE).translate(VA);
    assertThat(reads.get()).isLessThanOrEqualTo((PageTables.MAX_PROTOTYPES + 1) * 5);
  }

  private Translation translate() {
    return process(memory, VadLookup.NONE).translate(VA);
  }

  private static PageTables process(PhysicalMemory memory, VadLookup vads) {
    return new PageTables(PagingMode.X64_4_LEVEL, new FrameReader(memory), KERNEL)
        .process(PROCESS, vads);
  }

  private void prototype(long entry) {
    memory.putLong(POOL_FRAME + 0x18, entry);
  }

  private void point(long pte, long prototype) {
    memory.putLong(pte, prototype << 16 | 0x400);
  }

  /** Three tables after the root, each in the next frame. */
  private void table(long root, long va) {
    for (int level = 0; level < 3; level++) {
      long index = (va >>> (39 - 9 * level)) & 511;
      memory.putLong(root + level * 0x1000L + index * 8, root + (level + 1) * 0x1000L | 0x63);
    }
  }

  /** Counts the frames read. */
  private record Counting(PhysicalMemory memory, AtomicInteger reads) implements PhysicalMemory {
    @Override
    public List<PhysicalRange> ram() {
      return memory.ram();
    }

    @Override
    public FrameStatus status(long gpa) {
      return memory.status(gpa);
    }

    @Override
    public int read(long gpa, byte[] target, int offset, int length) {
      reads.incrementAndGet();
      return memory.read(gpa, target, offset, length);
    }

    @Override
    public boolean scan(BlockVisitor visitor) {
      return memory.scan(visitor);
    }
  }
}
