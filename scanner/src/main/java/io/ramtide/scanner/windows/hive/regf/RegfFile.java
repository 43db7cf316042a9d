package io.ramtide.scanner.windows.hive.regf;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.hive.Hive;
import io.ramtide.scanner.windows.hive.HiveCells;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The stable storage of a hive as a regf file: base block, then bins, at the offsets that they have
 * in the hive. What memory lacks is replaced by free cells whose content says why, so that the rest
 * stays readable; nothing else is changed but what a tool checks before it opens a file: sequence
 * numbers, checksum and headers of bins.
 */
public final class RegfFile {
  /** Ranges that are told; a hive of 2 GiB could have more. */
  static final int MAX_RANGES = 1 << 16;

  /** No bin that Windows makes is larger: its largest cell has 1 MiB. */
  static final int MAX_BIN_BLOCKS = 1 << 14;

  private final Hive hive;
  private final HiveCells cells;
  private final OutputStream out;
  private final int blocks;
  private final StructType hbin;
  private final List<Replaced> replaced = new ArrayList<>();
  private long replacedBytes;
  private long rangesLeftOut;

  /**
   * What was written.
   *
   * @param bytes of the file
   * @param replaced ascending, at most 65,536
   * @param replacedBytes in all
   * @param rangesLeftOut how many more ranges there are
   * @param isBaseRebuilt whether memory had no base block
   */
  public record Written(
      long bytes,
      List<Replaced> replaced,
      long replacedBytes,
      long rangesLeftOut,
      boolean isBaseRebuilt) {}

  private RegfFile(Hive hive, OutputStream out) {
    this.hive = hive;
    this.cells = hive.cells();
    this.out = out;
    this.blocks = cells.blocks(HiveCells.STABLE);
    this.hbin = hive.guest().type("HBIN");
  }

  /** Writes a hive. */
  public static Written write(Hive hive, OutputStream out) throws IOException {
    return new RegfFile(hive, out).write();
  }

  private Written write() throws IOException {
    out.write(RegfBase.of(hive));
    int block = 0;
    while (block < blocks) {
      int count = blocksOfBin(block);
      bin(block, count);
      block += count;
    }
    long bytes = (1L + blocks) * HiveCells.BLOCK;
    return new Written(
        bytes, List.copyOf(replaced), replacedBytes, rangesLeftOut, hive.baseBlock().isEmpty());
  }

  /** As its header says, unless the map says that another bin begins there. */
  private int blocksOfBin(int first) {
    int most = Math.min(MAX_BIN_BLOCKS, blocks - first);
    if (RegfBin.hasHeader(hbin, frame(first), first)) {
      long size = Integer.toUnsignedLong(frame(first).getInt(hbin.offset("Size")));
      if (size > 0 && size % HiveCells.BLOCK == 0) {
        most = (int) Math.min(most, size / HiveCells.BLOCK);
      }
    }
    int next = first + 1;
    while (next < first + most && !cells.isBinStart(HiveCells.STABLE, next)) {
      next++;
    }
    return next - first;
  }

  /** Null if it is missing. */
  private ByteBuffer frame(int block) {
    OptionalLong gpa = cells.gpa(HiveCells.STABLE, block);
    return gpa.isPresent() ? hive.guest().frames().frame(gpa.getAsLong()).orElse(null) : null;
  }

  private void bin(int first, int count) throws IOException {
    byte[] bytes = new byte[count * HiveCells.BLOCK];
    String[] gaps = new String[count];
    for (int i = 0; i < count; i++) {
      ByteBuffer frame = frame(first + i);
      if (frame == null) {
        gaps[i] = cells.gap(HiveCells.STABLE, first + i).orElse("could not be read");
      } else {
        frame.get(0, bytes, i * HiveCells.BLOCK, HiveCells.BLOCK);
      }
    }
    long offset = (1L + first) * HiveCells.BLOCK;
    new RegfBin(hbin, first, bytes, gaps)
        .rebuild((at, length, why) -> replaced(offset + at, length, why));
    out.write(bytes);
  }

  private void replaced(long offset, int length, String why) {
    replacedBytes += length;
    Replaced last = replaced.isEmpty() ? null : replaced.get(replaced.size() - 1);
    if (last != null && last.offset() + last.length() == offset && last.why().equals(why)) {
      replaced.set(replaced.size() - 1, new Replaced(last.offset(), last.length() + length, why));
    } else if (replaced.size() < MAX_RANGES) {
      replaced.add(new Replaced(offset, length, why));
    } else {
      rangesLeftOut++;
    }
  }
}
