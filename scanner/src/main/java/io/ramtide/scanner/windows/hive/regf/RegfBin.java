package io.ramtide.scanner.windows.hive.regf;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.hive.HiveCells;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A bin as its file is to have it. A bin is a header and cells without gaps, so one page that is
 * missing leaves it open where the next cell begins: there cells are taken from where the longest
 * chain of sizes begins that leads to the end of what is there.
 */
final class RegfBin {
  private static final byte[] SIGNATURE = "hbin".getBytes(StandardCharsets.US_ASCII);
  private static final int ALIGNMENT = 8;
  private static final int SIZE_BYTES = Integer.BYTES;
  private static final String BAD_SIZE = "a cell size that cannot be";

  private final StructType type;
  private final int firstBlock;
  private final byte[] raw;
  private final ByteBuffer bytes;
  private final String[] gaps;
  private final int end;

  /** Hears of what is replaced. */
  @FunctionalInterface
  interface Changes {
    /**
     * @param at offset in the bin
     */
    void replaced(int at, int length, String why);
  }

  /**
   * @param type layout of its header
   * @param firstBlock number of its first block in the hive
   * @param raw bytes of the bin, as far as they are there; they are changed
   * @param gaps why each block is missing; null if it is not
   */
  RegfBin(StructType type, int firstBlock, byte[] raw, String[] gaps) {
    this.type = type;
    this.firstBlock = firstBlock;
    this.raw = raw;
    this.bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    this.gaps = gaps;
    this.end = raw.length;
  }

  /**
   * Whether a block begins with the header of a bin at its place.
   *
   * @param frame may be null: it is missing
   */
  static boolean hasHeader(StructType type, ByteBuffer frame, int block) {
    return frame != null
        && frame.getInt(type.offset("FileOffset")) == block * HiveCells.BLOCK
        && ByteBuffer.wrap(SIGNATURE)
            .equals(frame.slice(type.offset("Signature"), SIGNATURE.length));
  }

  /** Makes it a valid bin. */
  void rebuild(Changes changes) {
    header(changes);
    int at = type.size();
    while (at < end) {
      int size = size(at);
      if (size == 0) {
        int next = next(at);
        String why = gap(at, next - at);
        if (why == null) {
          // What is there stays, whatever it is: only its size is wrong.
          replace(at, next - at, SIZE_BYTES, BAD_SIZE, changes);
        } else {
          replace(at, next - at, next - at, why, changes);
        }
        at = next;
      } else {
        String why = gap(at, size);
        if (why != null) {
          replace(at, size, size, why, changes);
        }
        at += size;
      }
    }
  }

  private void header(Changes changes) {
    boolean isRight =
        gaps[0] == null
            && hasHeader(type, bytes, firstBlock)
            && bytes.getInt(type.offset("Size")) == end;
    if (isRight) {
      return;
    }
    if (gaps[0] != null) {
      Arrays.fill(raw, 0, type.size(), (byte) 0);
    }
    bytes.put(type.offset("Signature"), SIGNATURE);
    bytes.putInt(type.offset("FileOffset"), firstBlock * HiveCells.BLOCK);
    bytes.putInt(type.offset("Size"), end);
    changes.replaced(0, type.size(), gaps[0] == null ? "a bin header that cannot be" : gaps[0]);
  }

  /** Size of the cell at an offset; 0 if it is missing or cannot be. */
  private int size(int at) {
    if (gaps[at / HiveCells.BLOCK] != null) {
      return 0;
    }
    long size = Math.abs((long) bytes.getInt(at));
    return size >= ALIGNMENT && size % ALIGNMENT == 0 && size <= end - at ? (int) size : 0;
  }

  /** Why some of these bytes are missing; null if none are. */
  private String gap(int at, int length) {
    for (int block = at / HiveCells.BLOCK; block <= (at + length - 1) / HiveCells.BLOCK; block++) {
      if (gaps[block] != null) {
        return gaps[block];
      }
    }
    return null;
  }

  /** A free cell. Its content says what it stands for, as far as {@code length} reaches. */
  private void replace(int at, int size, int length, String why, Changes changes) {
    bytes.putInt(at, size);
    if (length > SIZE_BYTES) {
      byte[] text = ("ramtide: missing: " + why).getBytes(StandardCharsets.US_ASCII);
      Arrays.fill(raw, at + SIZE_BYTES, at + length, (byte) 0);
      bytes.put(at + SIZE_BYTES, text, 0, Math.min(text.length, length - SIZE_BYTES));
    }
    changes.replaced(at, length, why);
  }

  /** Where cells go on after one that has no size. */
  private int next(int at) {
    int from = at + ALIGNMENT;
    while (from < end) {
      int block = from / HiveCells.BLOCK;
      if (gaps[block] != null) {
        from = (block + 1) * HiveCells.BLOCK;
        continue;
      }
      int to = block;
      while (to < gaps.length && gaps[to] == null) {
        to++;
      }
      int found = longestChain(from, to * HiveCells.BLOCK);
      if (found < end) {
        return found;
      }
      from = to * HiveCells.BLOCK;
    }
    return end;
  }

  /** Where the longest chain of cells begins in these bytes; the bin's end if there is none. */
  private int longestChain(int from, int to) {
    int[] lengths = new int[(to - from) / ALIGNMENT];
    int best = -1;
    for (int i = lengths.length - 1; i >= 0; i--) {
      int at = from + i * ALIGNMENT;
      int size = size(at);
      if (size > 0) {
        int next = at + size;
        int rest = next >= to ? 1 : lengths[(next - from) / ALIGNMENT];
        lengths[i] = rest == 0 ? 0 : rest + 1;
        if (lengths[i] > 0 && (best < 0 || lengths[i] >= lengths[best])) {
          best = i;
        }
      }
    }
    return best < 0 ? end : from + best * ALIGNMENT;
  }
}
