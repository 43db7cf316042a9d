package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.symbols.StructType;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Where an HMAP_ENTRY says that a block is. Up to Windows 8.1 it has the block's address, later the
 * bin's and the block's offset in it; between these, a bin may also be mapped for a while.
 *
 * @param va of the block
 * @param isBinStart whether a bin begins with it
 * @param isInView whether it may be in a view of the hive's file that has gone
 * @param why it has no address
 */
record MapEntry(long va, boolean isBinStart, boolean isInView, Optional<String> why) {
  /** Why a block of a bin without cells in use has no address: nothing is missing there. */
  static final String FREE_BIN = "free bin";

  private static final int FLAGS = 0xf;

  static MapEntry read(StructType type, ByteBuffer entries, int at) {
    return type.has("BlockAddress") ? byBlock(type, entries, at) : byBin(type, entries, at);
  }

  private static MapEntry byBlock(StructType type, ByteBuffer entries, int at) {
    long block = entries.getLong(at + type.offset("BlockAddress"));
    long bin = entries.getLong(at + type.offset("BinAddress"));
    if ((bin & HiveFacts.ALL.discardable()) != 0) {
      return missing(FREE_BIN);
    }
    return block == 0
        ? missing("in file")
        : at(block, block == (bin & ~FLAGS), (bin & HiveFacts.ALL.inPool()) == 0);
  }

  private static MapEntry byBin(StructType type, ByteBuffer entries, int at) {
    long offset = entries.getLong(at + type.offset("BlockOffset"));
    long bin = entries.getLong(at + type.offset("PermanentBinAddress")) & ~FLAGS;
    boolean isTemporary = bin == 0 && type.has("TemporaryBinAddress");
    if (isTemporary) {
      bin = entries.getLong(at + type.offset("TemporaryBinAddress")) & ~FLAGS;
    }
    if (bin == 0) {
      return missing("in file");
    }
    return offset < 0 || offset > Integer.MAX_VALUE
        ? missing(FREE_BIN)
        : at(bin + offset, offset == 0, isTemporary);
  }

  private static MapEntry at(long va, boolean isBinStart, boolean isInView) {
    return va % HiveCells.BLOCK == 0
        ? new MapEntry(va, isBinStart, isInView, Optional.empty())
        : missing("its map is broken");
  }

  private static MapEntry missing(String why) {
    return new MapEntry(0, false, false, Optional.of(why));
  }
}
