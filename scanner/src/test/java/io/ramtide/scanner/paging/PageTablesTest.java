package io.ramtide.scanner.paging;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.FrameStatus;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.TestMemory;
import java.util.List;
import java.util.Random;
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
    memory.putLong(ROOT, 0x1234_5880);

    assertThat(translate(0x42))
        .isEqualTo(new Translation.NotResident(0x42, PteState.TRANSITION, "PML4E"));
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
    List<PagingMode.Level> levels =
        List.of(
            new PagingMode.Level("PML5E", 48, 9, false),
            new PagingMode.Level("PML4E", 39, 9, false),
            new PagingMode.Level("PDPTE", 30, 9, true),
            new PagingMode.Level("PDE", 21, 9, true),
            new PagingMode.Level("PTE", 12, 9, false));
    PagingMode four = PagingMode.X64_4_LEVEL;
    PagingMode five = new PagingMode("x64, 5 levels", levels, four.addressMask(), 1, 0x80);
    long va = 0xff12_f800_1234_5678L;
    entry(ROOT, va >>> 48, 0x2000);
    entry(0x2000, va >>> 39, 0x3000);
    entry(0x3000, va >>> 30, 0x4000_0080);

    Translation where = new PageTables(five, new FrameReader(memory), ROOT).translate(va);

    assertThat(where).isEqualTo(new Translation.Mapped(va, 0x5234_5678, 1 << 30));
  }

  /** Random tables, dense in everything that can be wrong, against a translator without a mode. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void randomTables_translateAsANaiveWalkDoes(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < memory.ram().get(0).length(); i += 8) {
      long frame = (long) random.nextInt(280) << 12;
      memory.putLong(i, frame | (random.nextInt(8) == 0 ? 0x80 : 0) | random.nextInt(8));
    }
    PageTables tables = tables(memory, ROOT);
    for (int i = 0; i < 20_000; i++) {
      long va = random.nextLong() << 16 >> 16;
      long expected = naive(va);

      Translation where = tables.translate(va);

      long gpa = where instanceof Translation.Mapped mapped ? mapped.gpa() : -1;
      assertThat(gpa).as("0x%x: %s", va, where).isEqualTo(expected);
    }
  }

  private long naive(long va) {
    long table = ROOT;
    for (int shift = 39; shift >= 12; shift -= 9) {
      long at = table + (va >>> shift & 0x1ff) * 8;
      if (at >= memory.ram().get(0).length()) {
        return -1;
      }
      long entry = memory.readLong(at);
      if (entry % 2 == 0) {
        return -1;
      }
      boolean large = (shift == 30 || shift == 21) && (entry / 128) % 2 == 1;
      long size = 1L << shift;
      table = entry & 0xf_ffff_ffff_f000L;
      if (large || shift == 12) {
        return table / size * size + Math.floorMod(va, size);
      }
    }
    return -1;
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
