package io.ramtide.scanner.windows.hive;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Where the blocks of one storage are. Its map is a directory of tables of entries, one a block; a
 * storage of one table has its directory's only entry (SmallDir) in the DUAL itself.
 */
final class StorageMap {
  /** A cell index has 31 bits of offset. */
  static final int MAX_BLOCKS = 1 << 19;

  private static final int BLOCKS_A_TABLE = 512;
  private static final long MISSING = -1;

  private final int blocks;
  private final long[] gpas;
  private final BitSet binStarts = new BitSet();

  /** Number of the reason why a block is missing. */
  private final byte[] why;

  private final List<String> reasons = new ArrayList<>();

  /** Whether the view that the last bin was in shows something else by now. */
  private boolean isGone;

  private StorageMap(int blocks) {
    this.blocks = blocks;
    this.gpas = new long[blocks];
    this.why = new byte[blocks];
    Arrays.fill(gpas, MISSING);
  }

  /** Blocks that a DUAL says it has, at most {@link #MAX_BLOCKS}; empty: it cannot be read. */
  static OptionalInt blocks(Struct dual) {
    OptionalLong length = dual.u32("Length");
    return length.isPresent()
        ? OptionalInt.of((int) Math.min(length.getAsLong() / HiveCells.BLOCK, MAX_BLOCKS))
        : OptionalInt.empty();
  }

  /** Address of the first block, where the map has one. */
  static OptionalLong firstBlock(Guest guest, Struct dual) {
    StructType type = guest.type("HMAP_ENTRY");
    OptionalLong table = dual.u64("Map");
    if (table.isPresent() && guest.isKernelAddress(table.getAsLong())) {
      table = guest.space().qword(table.getAsLong());
    }
    byte[] bytes = new byte[type.size()];
    if (table.isEmpty()
        || !guest.isKernelAddress(table.getAsLong())
        || !guest.space().read(table.getAsLong(), bytes, 0, bytes.length).isComplete()) {
      return OptionalLong.empty();
    }
    MapEntry entry = MapEntry.read(type, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), 0);
    return entry.why().isPresent() ? OptionalLong.empty() : OptionalLong.of(entry.va());
  }

  /** Reads the map of a storage, as far as {@code blocks} blocks. */
  static StorageMap read(Guest guest, BinSpace bins, Struct dual, int blocks) {
    StorageMap map = new StorageMap(blocks);
    OptionalLong directory = dual.u64("Map");
    if (directory.isEmpty()) {
      map.missing(0, blocks, "its map: " + dual.gap("Map").orElseThrow().status());
      return map;
    }
    Set<Long> met = new HashSet<>();
    for (int first = 0; first < blocks; first += BLOCKS_A_TABLE) {
      int end = Math.min(first + BLOCKS_A_TABLE, blocks);
      boolean isSmall = directory.getAsLong() == dual.address("SmallDir");
      long at = directory.getAsLong() + (long) first / BLOCKS_A_TABLE * Long.BYTES;
      OptionalLong table = guest.space().qword(at);
      if (isSmall && first > 0) {
        map.missing(first, end, "its map has one table only");
      } else if (table.isEmpty()) {
        map.missing(first, end, "its map: " + guest.space().locate(at).status());
      } else if (table.getAsLong() == 0) {
        map.missing(first, end, "its map has no table there");
      } else if (!guest.isKernelAddress(table.getAsLong()) || !met.add(table.getAsLong())) {
        map.missing(first, end, "its map is broken");
      } else {
        map.table(guest, bins, table.getAsLong(), first, end);
      }
    }
    return map;
  }

  private void table(Guest guest, BinSpace bins, long va, int first, int end) {
    StructType type = guest.type("HMAP_ENTRY");
    byte[] bytes = new byte[(end - first) * type.size()];
    AddressSpace.ReadResult read = guest.space().readAround(va, bytes, 0, bytes.length);
    ByteBuffer entries = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int block = first; block < end; block++) {
      place(bins, MapEntry.read(type, entries, (block - first) * type.size()), block);
    }
    read.gaps()
        .forEach(
            gap ->
                missing(
                    first + gap.offset() / type.size(),
                    Math.min(end, first + (gap.end() + type.size() - 1) / type.size()),
                    "its map: " + gap.why().status()));
  }

  private void place(BinSpace bins, MapEntry entry, int block) {
    Optional<String> gap = entry.why();
    if (gap.isPresent()) {
      missing(block, block + 1, gap.get());
      isGone = false;
      return;
    }
    binStarts.set(block, entry.isBinStart());
    OptionalLong gpa = bins.gpa(entry.va());
    if (entry.isBinStart()) {
      isGone =
          entry.isInView() && gpa.isPresent() && !bins.isBin(entry.va(), block * HiveCells.BLOCK);
    }
    if (isGone) {
      missing(block, block + 1, "in file");
    } else if (gpa.isEmpty()) {
      missing(block, block + 1, bins.why(entry.va()));
    } else {
      gpas[block] = gpa.getAsLong();
    }
  }

  private void missing(int from, int to, String reason) {
    int number = reasons.indexOf(reason);
    if (number < 0) {
      number = reasons.size();
      reasons.add(reason);
    }
    for (int block = from; block < to; block++) {
      gpas[block] = MISSING;
      why[block] = (byte) number;
    }
  }

  int blocks() {
    return blocks;
  }

  OptionalLong gpa(int block) {
    return block < 0 || block >= blocks || gpas[block] == MISSING
        ? OptionalLong.empty()
        : OptionalLong.of(gpas[block]);
  }

  /** Why a block is missing. */
  Optional<String> gap(int block) {
    return gpas[block] == MISSING ? Optional.of(reasons.get(why[block])) : Optional.empty();
  }

  /** Whether the map says that a bin begins with a block. */
  boolean isBinStart(int block) {
    return binStarts.get(block);
  }
}
