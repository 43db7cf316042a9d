package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.scan.PoolTag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

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

  /**
   * What was read.
   *
   * @param gap why some may be missing
   */
  record Result(List<Tagged> found, Optional<String> gap) {}

  /**
   * Every allocation in use with a tag of pool-tags.json; none where the kernel's symbols are not
   * known.
   */
  static Result read(Guest guest) {
    OptionalLong table = variable(guest, "PoolBigPageTable");
    OptionalLong size = variable(guest, "PoolBigPageTableSize");
    List<Tagged> found = new ArrayList<>();
    if (table.isEmpty() || size.isEmpty() || !guest.isKernelAddress(table.getAsLong())) {
      return new Result(found, Optional.empty());
    }
    Set<Integer> tags =
        PoolTag.all().stream()
            .map(tag -> tag.value(guest.layout().firstBuild()))
            .collect(Collectors.toSet());
    StructType type = guest.type("POOL_TRACKER_BIG_PAGES");
    long entries = size.getAsLong() < 0 ? MAX_ENTRIES : Math.min(size.getAsLong(), MAX_ENTRIES);
    byte[] bytes = new byte[ENTRIES_A_TIME * type.size()];
    Optional<String> gap =
        entries == size.getAsLong()
            ? Optional.empty()
            : Optional.of(
                "PoolBigPageTable: only the first %d entries were read".formatted(entries));
    for (long first = 0; first < entries; first += ENTRIES_A_TIME) {
      int wanted = (int) Math.min(ENTRIES_A_TIME, entries - first) * type.size();
      long va = table.getAsLong() + first * type.size();
      AddressSpace.ReadResult result = guest.space().read(va, bytes, 0, wanted);
      int read = result.bytes();
      ByteBuffer part = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at + type.size() <= read; at += type.size()) {
        add(guest, type, part, at, tags, found);
      }
      if (read < wanted) {
        gap = result.gap().map(why -> "PoolBigPageTable: " + why.text());
        break;
      }
    }
    return new Result(found, gap);
  }

  private static void add(
      Guest guest,
      StructType type,
      ByteBuffer table,
      int at,
      Set<Integer> tags,
      List<Tagged> found) {
    long va = table.getLong(at + type.offset("Va"));
    int tag = table.getInt(at + type.offset("Key"));
    long bytes = table.getLong(at + type.offset("NumberOfBytes"));
    if (!tags.contains(tag) || (va & FREE) != 0 || bytes <= 0 || !guest.isKernelAddress(va)) {
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
