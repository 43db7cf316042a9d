package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Allocations of whole pages, which have no pool header: PoolBigPageTable lists them. */
final class BigPool {
  /** Entries that are read: the table of a guest with 64 GiB has some 10^5. */
  private static final int MAX_ENTRIES = 1 << 20;

  private static final int ENTRIES_A_TIME = 1 << 12;

  /** In the address of an entry: the allocation is free. */
  private static final long FREE = 1;

  /** An allocation and its tag. */
  record Tagged(int tag, PoolBlocks.Block block) {}

  private BigPool() {}

  /** Every allocation in use; none where the kernel's symbols are not known. */
  static List<Tagged> read(Guest guest) {
    OptionalLong table = variable(guest, "PoolBigPageTable");
    OptionalLong size = variable(guest, "PoolBigPageTableSize");
    List<Tagged> found = new ArrayList<>();
    if (table.isEmpty() || size.isEmpty() || !guest.isKernelAddress(table.getAsLong())) {
      return found;
    }
    StructType type = guest.type("POOL_TRACKER_BIG_PAGES");
    long entries = size.getAsLong() < 0 ? MAX_ENTRIES : Math.min(size.getAsLong(), MAX_ENTRIES);
    byte[] bytes = new byte[ENTRIES_A_TIME * type.size()];
    for (long first = 0; first < entries; first += ENTRIES_A_TIME) {
      int wanted = (int) Math.min(ENTRIES_A_TIME, entries - first) * type.size();
      long va = table.getAsLong() + first * type.size();
      int read = guest.space().read(va, bytes, 0, wanted).bytes();
      ByteBuffer part = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at + type.size() <= read; at += type.size()) {
        add(guest, type, part, at, found);
      }
      if (read < wanted) {
        break;
      }
    }
    return found;
  }

  private static void add(
      Guest guest, StructType type, ByteBuffer table, int at, List<Tagged> found) {
    long va = table.getLong(at + type.offset("Va"));
    int tag = table.getInt(at + type.offset("Key"));
    long bytes = table.getLong(at + type.offset("NumberOfBytes"));
    if (tag == 0 || (va & FREE) != 0 || bytes <= 0 || !guest.isKernelAddress(va)) {
      return;
    }
    OptionalLong gpa = guest.space().gpa(va);
    if (gpa.isPresent()) {
      int length = (int) Math.min(bytes, Integer.MAX_VALUE);
      found.add(new Tagged(tag, new PoolBlocks.Block(va, length, gpa.getAsLong(), false)));
    }
  }

  private static OptionalLong variable(Guest guest, String symbol) {
    OptionalLong va = guest.symbol(symbol);
    return va.isPresent() ? guest.space().qword(va.getAsLong()) : va;
  }
}
