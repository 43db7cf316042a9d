package io.ramtide.scanner.windows.hive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells by maps of every shape, and by maps that no honest guest has. */
@Timeout(60)
class HiveCellsTest {
  private static final int BLOCK = HiveCells.BLOCK;
  private static final byte[] TEXT = "reaches over".getBytes(StandardCharsets.US_ASCII);

  private static String missing(HiveCells cells, int cell) {
    return cells.cell(cell) instanceof Cell.Missing missing ? missing.why() : "present";
  }

  /** A hive of one bin of two blocks, with a cell of 16 bytes that lies in both. */
  private static TinyHive twoBlocks(String layout, long bin) {
    TinyHive hive = new TinyHive(layout);
    long table = hive.oneTable(HiveCells.STABLE, 2);
    hive.entry(table, 0, bin, bin);
    hive.entry(table, 1, bin + BLOCK, bin);
    hive.bin(bin, 0, 2 * BLOCK);
    hive.guest.put(bin + BLOCK - 8, 4, -16);
    hive.guest.put(bin + BLOCK - 4, TEXT);
    return hive;
  }

  private static void assertText(HiveCells cells, int cell) {
    assertThat(cells.cell(cell)).isInstanceOf(Cell.Present.class);
    Cell.Present present = (Cell.Present) cells.cell(cell);
    byte[] bytes = new byte[present.bytes().limit()];
    present.bytes().get(0, bytes);
    assertThat(bytes).isEqualTo(TEXT);
    assertThat(present.isFree()).isFalse();
    int offset = cell & Integer.MAX_VALUE;
    assertThat(present.gpa())
        .isEqualTo(cells.gpa(cell >>> 31, offset / BLOCK).orElseThrow() + offset % BLOCK + 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"win7sp1-4f8", "win81-9600", "win10-14393", "win10-17763", "win10-19041"})
  void aCellOverTwoBlocks_isReadByEveryShapeOfEntry(String layout) {
    assertText(twoBlocks(layout, TinyHive.place(1)).cells(), BLOCK - 8);
  }

  @Test
  void aBinThatIsMappedForAWhile_isRead() {
    TinyHive hive = twoBlocks("win10-14393", TinyHive.place(1));
    long table = hive.oneTable(HiveCells.STABLE, 2);
    for (int block = 0; block < 2; block++) {
      hive.put(table, block, "BlockOffset", (long) block * BLOCK);
      hive.put(table, block, "TemporaryBinAddress", TinyHive.place(1));
    }

    assertText(hive.cells(), BLOCK - 8);
  }

  @Test
  void aViewThatShowsSomethingElse_isInFile() {
    TinyHive hive = new TinyHive("win7sp1-4f8");
    long table = hive.oneTable(HiveCells.STABLE, 3);
    hive.put(table, 0, "BlockAddress", TinyHive.place(1));
    hive.put(table, 0, "BinAddress", TinyHive.place(1));
    hive.put(table, 1, "BlockAddress", TinyHive.place(2));
    hive.put(table, 1, "BinAddress", TinyHive.place(1));
    hive.guest.map(TinyHive.place(1), 2 * BLOCK);
    hive.put(table, 2, "BlockAddress", TinyHive.place(5));
    hive.put(table, 2, "BinAddress", TinyHive.place(5));
    hive.bin(TinyHive.place(5), 2 * BLOCK, BLOCK);

    HiveCells cells = hive.cells();

    assertThat(cells.gap(HiveCells.STABLE, 0)).hasValue("in file");
    assertThat(cells.gap(HiveCells.STABLE, 1)).hasValue("in file");
    assertThat(cells.gpa(HiveCells.STABLE, 2)).isPresent();
  }

  @Test
  void aDiscardedBin_isFree_andItsTombstoneNoBlock() {
    TinyHive hive = new TinyHive("win7sp1-4f8");
    long table = hive.oneTable(HiveCells.STABLE, 1);
    hive.put(table, 0, "BlockAddress", TinyHive.place(1));
    hive.put(table, 0, "BinAddress", TinyHive.place(1) | 10);
    hive.guest.map(TinyHive.place(1), BLOCK);

    assertThat(missing(hive.cells(), 0x20)).isEqualTo("free bin");
  }

  @Test
  void userAddresses_areOfTheProcessThatHasTheBins() {
    TinyHive hive = twoBlocks("win10-19041", 0x202_c600_0000L);

    assertText(hive.cells(), BLOCK - 8);
  }

  @Test
  void userAddresses_withoutThatProcess_sayso() {
    TinyHive hive = twoBlocks("win10-19041", 0x202_c600_0000L);
    hive.guest.put(0x202_c600_0000L, 4, 0);

    assertThat(missing(hive.cells(), 0x20)).isEqualTo("in the address space of no known process");
  }

  @Test
  void volatileCells_haveTheirOwnMap() {
    TinyHive hive = new TinyHive("win10-19041");
    long table = hive.oneTable(HiveCells.VOLATILE, 1);
    hive.entry(table, 0, TinyHive.place(7), TinyHive.place(7));
    hive.guest.put(TinyHive.place(7) + 0x20, 4, -16);
    hive.guest.put(TinyHive.place(7) + 0x24, TEXT);

    assertText(hive.cells(), 0x8000_0020);
    assertThat(missing(hive.cells(), 0x20)).isEqualTo("outside the hive");
  }

  @Test
  void aDirectoryOfTwoTables_isFollowed_andATableTwiceIsNot() {
    TinyHive hive = new TinyHive("win10-19041");
    hive.length(HiveCells.STABLE, 1100L * BLOCK);
    long directory = hive.guest.alloc(8 * 1024);
    long second = hive.table();
    hive.guest.put(hive.dual(0) + hive.offset("DUAL", "Map"), 8, directory);
    hive.guest.put(directory, 8, hive.table());
    hive.guest.put(directory + 8, 8, second);
    hive.guest.put(directory + 16, 8, second);
    hive.entry(second, 8, TinyHive.place(1), TinyHive.place(1));
    hive.guest.put(TinyHive.place(1) + 0x20, 4, -16);
    hive.guest.put(TinyHive.place(1) + 0x24, TEXT);

    HiveCells cells = hive.cells();

    assertText(cells, 520 * BLOCK + 0x20);
    assertThat(missing(cells, 0x20)).isEqualTo("in file");
    assertThat(missing(cells, 1032 * BLOCK + 0x20)).isEqualTo("its map is broken");
  }

  @Test
  void oneTable_forMoreBlocksThanItHas_saysSo() {
    TinyHive hive = new TinyHive("win10-19041");
    hive.oneTable(HiveCells.STABLE, 513);

    assertThat(missing(hive.cells(), 512 * BLOCK)).isEqualTo("its map has one table only");
  }

  @Test
  void aLengthThatLies_isBounded() {
    TinyHive hive = twoBlocks("win10-19041", TinyHive.place(1));
    hive.length(HiveCells.STABLE, 0xffff_ffffL);

    HiveCells cells = hive.cells();

    assertThat(cells.blocks(HiveCells.STABLE)).isEqualTo(1 << 19);
    assertText(cells, BLOCK - 8);
    assertThat(missing(cells, Integer.MAX_VALUE & -8)).isEqualTo("its map has one table only");
  }

  @Test
  void aDirectoryThatIsItsOwnTable_isBounded() {
    TinyHive hive = new TinyHive("win10-19041");
    hive.length(HiveCells.STABLE, 2000L * BLOCK);
    long directory = hive.guest.alloc(0x8000);
    hive.guest.put(hive.dual(0) + hive.offset("DUAL", "Map"), 8, directory);
    for (int i = 0; i < 4; i++) {
      hive.guest.put(directory + 8L * i, 8, directory);
    }

    HiveCells cells = hive.cells();

    assertThat(cells.blocks(HiveCells.STABLE)).isEqualTo(2000);
    assertThat(missing(cells, 1000 * BLOCK)).isEqualTo("its map is broken");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, -4, 7, -12, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x200000})
  void aSizeThatCannotBe_isNoCell(int size) {
    TinyHive hive = twoBlocks("win10-19041", TinyHive.place(1));
    hive.guest.put(TinyHive.place(1) + 0x40, 4, size);

    assertThat(missing(hive.cells(), 0x40)).isEqualTo("its size cannot be");
  }

  @Test
  void aCell_thatReachesBeyondHiveOrBin_isNone() {
    TinyHive hive = twoBlocks("win10-19041", TinyHive.place(1));
    hive.guest.put(TinyHive.place(1) + 0x40, 4, -0x4000);
    assertThat(missing(hive.cells(), 0x40)).isEqualTo("its size reaches beyond the hive");

    long table = hive.oneTable(HiveCells.STABLE, 2);
    hive.entry(table, 0, TinyHive.place(1), TinyHive.place(1));
    hive.entry(table, 1, TinyHive.place(2), TinyHive.place(2));
    hive.guest.put(TinyHive.place(1) + 0x40, 4, -0x1000);
    assertThat(missing(hive.cells(), 0x40)).isEqualTo("its size reaches beyond its bin");
  }

  @Test
  void aCellWithAMissingBlock_saysWhy() {
    TinyHive hive = twoBlocks("win10-19041", TinyHive.place(1));
    hive.guest.memory.putLong(hive.guest.pte(TinyHive.place(2)), 0x1234_0000_0000_0000L);

    assertThat(missing(hive.cells(), BLOCK - 8)).isEqualTo("paged out");
    assertThat(missing(hive.cells(), BLOCK + 0x20)).isEqualTo("paged out");
  }

  @Test
  void placesBetweenCells_areNone() {
    TinyHive hive = twoBlocks("win10-19041", TinyHive.place(1));

    assertThat(missing(hive.cells(), 0x24)).isEqualTo("no cell begins there");
    assertThat(missing(hive.cells(), -1)).isEqualTo("outside the hive");
  }
}
