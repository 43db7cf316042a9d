package io.ramtide.testkit.windows.hive;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.pool.BigPages;
import java.util.ArrayList;
import java.util.List;

/**
 * The map of a storage (DUAL): from block numbers to addresses, in tables of 512 entries. A storage
 * with one table has it in SmallDir, and Map leads there; larger ones have a directory of tables.
 */
public final class HiveMap {

  private static final int IN_TABLE = 512;
  private static final int NEW_ALLOCATION = 1; // in the low 4 bits of a bin's address
  private static final int NONE = -1;

  private final KernelSpace space;
  private final BigPages pool;
  private final Struct dual;
  private final List<Long> tables = new ArrayList<>();
  private long directory;
  private int entries;

  public HiveMap(KernelSpace space, BigPages pool, long dualVa) {
    this.space = space;
    this.pool = pool;
    dual = space.struct("_DUAL", dualVa);
    dual.u32("Guard", NONE);
  }

  void add(List<Block> blocks) {
    for (Block block : blocks) {
      if (entries % IN_TABLE == 0) {
        addTable(allocate("_HMAP_TABLE"));
      }
      long table = tables.get(entries / IN_TABLE);
      write(table + (long) entries % IN_TABLE * space.facts.size("_HMAP_ENTRY"), block);
      entries++;
    }
    dual.u32("Length", entries * HivePages.PAGE);
  }

  private void addTable(long table) {
    tables.add(table);
    if (tables.size() == 1) {
      dual.u64("SmallDir", table).u64("Map", dual.address("SmallDir"));
      return;
    }
    if (tables.size() == 2) {
      directory = allocate("_HMAP_DIRECTORY");
      space.kernel.putLong(directory, tables.get(0));
      dual.u64("SmallDir", 0).u64("Map", directory);
    }
    space.kernel.putLong(directory + 8L * (tables.size() - 1), table);
  }

  private void write(long va, Block block) {
    Struct entry = space.struct("_HMAP_ENTRY", va);
    int flags = block.isFirstOfBin() ? NEW_ALLOCATION : 0;
    if (entry.has("BlockAddress")) {
      entry.u64("BlockAddress", block.va).u64("BinAddress", block.binVa | flags);
    } else {
      entry
          .u64("BlockOffset", block.va - block.binVa)
          .u64("PermanentBinAddress", block.binVa | flags);
    }
    entry.u64("MemAlloc", block.isFirstOfBin() ? block.binBytes : 0);
  }

  private long allocate(String type) {
    return pool.allocate(space.facts.tag("hiveMap"), space.facts.size(type));
  }

  void free() {
    tables.forEach(table -> pool.free(table, space.facts.size("_HMAP_TABLE")));
    if (directory != 0) {
      pool.free(directory, space.facts.size("_HMAP_DIRECTORY"));
    }
  }
}
