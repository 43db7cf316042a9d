package io.ramtide.scanner.windows.hive.regf;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bins of a file, whatever memory has of them. */
class RegfBinTest {
  private static final StructType TYPE = SymbolStore.shipped().layout("win10-19041").type("HBIN");
  private static final int FIRST = 3;
  private static final int BLOCK = 4096;

  private final List<String> changes = new ArrayList<>();

  /** A bin full of cells of one size, which divides what is behind the header. */
  private static byte[] bin(int blocks, int cell) {
    byte[] bytes = new byte[blocks * BLOCK];
    ByteBuffer bin = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    bin.put(0, "hbin".getBytes(StandardCharsets.US_ASCII));
    bin.putInt(4, FIRST * BLOCK);
    bin.putInt(8, bytes.length);
    for (int at = 0x20; at < bytes.length; at += cell) {
      Arrays.fill(bytes, at + 4, Math.min(at + cell, bytes.length), (byte) 'x');
      bin.putInt(at, -Math.min(cell, bytes.length - at));
    }
    return bytes;
  }

  private byte[] rebuilt(byte[] bytes, String... gaps) {
    byte[] copy = bytes.clone();
    for (int block = 0; block < gaps.length; block++) {
      if (gaps[block] != null) {
        Arrays.fill(copy, block * BLOCK, (block + 1) * BLOCK, (byte) 0);
      }
    }
    new RegfBin(TYPE, FIRST, copy, gaps)
        .rebuild((at, length, why) -> changes.add("%x+%x %s".formatted(at, length, why)));
    assertThat(isValid(copy)).isTrue();
    return copy;
  }

  /** Whether header and cells are without gaps. */
  private static boolean isValid(byte[] bytes) {
    ByteBuffer bin = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0x20;
    while (at < bytes.length) {
      long size = Math.abs((long) bin.getInt(at));
      if (size < 8 || size % 8 != 0 || size > bytes.length - at) {
        return false;
      }
      at += (int) size;
    }
    return bin.getInt(0) == 0x6e696268
        && bin.getInt(4) == FIRST * BLOCK
        && bin.getInt(8) == bytes.length;
  }

  private static String text(byte[] bytes, int at) {
    return new String(bytes, at, 40, StandardCharsets.US_ASCII).trim();
  }

  @Test
  void aWholeBin_staysAsItIs() {
    byte[] bin = bin(2, 0x60);

    assertThat(rebuilt(bin, null, null)).isEqualTo(bin);
    assertThat(changes).isEmpty();
  }

  @Test
  void aMissingBlock_costsOnlyTheCellsInIt() {
    byte[] bin = bin(3, 0x60);

    byte[] rebuilt = rebuilt(bin, null, "paged out", null);

    // The last cell before the gap begins at fe0, so it has lost its end; the first behind it is
    // where the chain of sizes goes on.
    assertThat(changes).containsExactly("fe0+60 paged out", "1040+fc0 paged out");
    assertThat(text(rebuilt, 0xfe4)).isEqualTo("ramtide: missing: paged out");
    assertThat(text(rebuilt, 0x1044)).isEqualTo("ramtide: missing: paged out");
    assertThat(Arrays.copyOf(rebuilt, 0xfe0)).isEqualTo(Arrays.copyOf(bin, 0xfe0));
    assertThat(Arrays.copyOfRange(rebuilt, 0x2000, 0x3000))
        .isEqualTo(Arrays.copyOfRange(bin, 0x2000, 0x3000));
  }

  @Test
  void aMissingHeader_isMadeAnew_andCellsBehindItAreFound() {
    byte[] bin = bin(2, 0x60);

    byte[] rebuilt = rebuilt(bin, "not captured", null);

    assertThat(changes).containsExactly("0+20 not captured", "20+1020 not captured");
    assertThat(Arrays.copyOfRange(rebuilt, 0x1040, 0x2000))
        .isEqualTo(Arrays.copyOfRange(bin, 0x1040, 0x2000));
  }

  @Test
  void aMissingBin_isOneFreeCell() {
    byte[] rebuilt = rebuilt(new byte[2 * BLOCK], "in file", "in file");

    assertThat(changes).containsExactly("0+20 in file", "20+1fe0 in file");
    assertThat(ByteBuffer.wrap(rebuilt).order(ByteOrder.LITTLE_ENDIAN).getInt(0x20))
        .isEqualTo(2 * BLOCK - 0x20);
    assertThat(text(rebuilt, 0x24)).isEqualTo("ramtide: missing: in file");
  }

  @Test
  void aSizeThatLies_isCorrected_andWhatIsThereStays() {
    byte[] bin = bin(1, 0x60);
    ByteBuffer.wrap(bin).order(ByteOrder.LITTLE_ENDIAN).putInt(0x80, -3);

    byte[] rebuilt = rebuilt(bin, (String) null);

    assertThat(changes).containsExactly("80+4 a cell size that cannot be");
    assertThat(Arrays.copyOfRange(rebuilt, 0x84, BLOCK))
        .isEqualTo(Arrays.copyOfRange(bin, 0x84, BLOCK));
  }

  @Test
  void aHeaderThatLies_isCorrected() {
    byte[] bin = bin(1, 0x60);
    ByteBuffer.wrap(bin).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 0x7000_0000);

    rebuilt(bin, (String) null);

    assertThat(changes).containsExactly("0+20 a bin header that cannot be");
  }

  @Test
  void anything_becomesAValidBin() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      byte[] bytes = new byte[(1 + random.nextInt(4)) * BLOCK];
      ByteBuffer bin = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < bytes.length; at += 4) {
        bin.putInt(at, random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(0x200) - 0x100);
      }
      String[] gaps = new String[bytes.length / BLOCK];
      for (int block = 0; block < gaps.length; block++) {
        gaps[block] = random.nextInt(3) == 0 ? "paged out" : null;
      }

      rebuilt(bytes, gaps);
    }
  }
}
