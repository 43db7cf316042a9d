package io.ramtide.scanner.paging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTablesTest {
  private static final long ROOT = 0x1000;
  private final TestMemory memory = TestMemory.ofSize(1 << 20);

  @Test
  void fourKibPage_isFoundThroughFourLevels() {
    long va = 0xffff_f800_1234_5678L;
    entry(ROOT, va >>> 39, 0x2000);
    entry(0x2000, va >>> 30, 0x3000);
    entry(0x3000, va >>> 21, 0x4000);
    entry(0x4000, va >>> 12, 0x7000);

    assertThat(translate(va)).isEqualTo(new Translation.Mapped(va, 0x7678, 1 << 12));
  }

  @Test
  void twoMibPage_ignoresTheFlagsBelowItsAddress() {
    long va = 0xffff_f800_1234_5678L;
    entry(ROOT, va >>> 39, 0x2000);
    entry(0x2000, va >>> 30, 0x3000);
    entry(0x3000, va >>> 21, 0x40_1080);

    assertThat(translate(va)).isEqualTo(new Translation.Mapped(va, 0x54_5678, 1 << 21));
  }

  @Test
  void oneGibPage_isALeafOfTheSecondLevel() {
    long va = 0xffff_f800_1234_5678L;
    entry(ROOT, va >>> 39, 0x2000);
    entry(0x2000, va >>> 30, 0x4000_0080);

    assertThat(translate(va)).isEqualTo(new Translation.Mapped(va, 0x5234_5678, 1 << 30));
  }

  @Test
  void leafBitInTheRoot_isNoLeaf() {
    entry(ROOT, 0, 0x2080);

    assertThat(translate(0)).isInstanceOf(Translation.NotResident.class);
  }

  @Test
  void lowBitsOfTheRoot_areIgnored() {
    assertThat(tables(memory, ROOT | 0x802).root()).isEqualTo(ROOT);
  }

  @Test
  void absentEntry_saysItsStateAndLevel() {
    memory.putLong(ROOT, 0x1234_0000_10c0L);

    assertThat(translate(0x42))
        .isEqualTo(
            new Translation.NotResident(
                0x42, new SoftwarePte(PteState.PAGEFILE, 0x1234000, 1), "PML4E"));
    assertThat(translate(0x42).text()).isEqualTo("page in pagefile 1 at 0x1234000 (PML4E)");
  }

  @Test
  void tableThatWasNotCaptured_isNotTakenForAnAbsentEntry() {
    entry(ROOT, 0, 0x7fff_f000);

    assertThat(translate(0x42))
        .isEqualTo(new Translation.NotCaptured(0x42, 0x7fff_f000, FrameStatus.ABSENT, "PDPTE"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0x0000_8000_0000_0000L, 0xffff_7fff_ffff_ffffL, 0x1234_0000_0000_0000L})
  void addressOutsideBothHalves_isNotCanonical(long va) {
    assertThat(translate(va)).isEqualTo(new Translation.NotCanonical(va));
  }

  @Test
  void fiveLevels_areOnlyOtherData() {
    long va = 0xff12_f800_1234_5678L;
    entry(ROOT, va >>> 48, 0x2000);
    entry(0x2000, va >>> 39, 0x3000);
    entry(0x3000, va >>> 30, 0x4000_0080);

    Translation where =
        new PageTables(PagingMode.X64_5_LEVEL, new FrameReader(memory), ROOT).translate(va);

    assertThat(where).isEqualTo(new Translation.Mapped(va, 0x5234_5678, 1 << 30));
  }

  private void entry(long table, long index, long value) {
    memory.putLong(table + (index & 511) * 8, value | 1);
  }

  private Translation translate(long va) {
    return tables(memory, ROOT).translate(va);
  }

  private static PageTables tables(PhysicalMemory memory, long root) {
    return new PageTables(PagingMode.X64_4_LEVEL, new FrameReader(memory), root);
  }
}
