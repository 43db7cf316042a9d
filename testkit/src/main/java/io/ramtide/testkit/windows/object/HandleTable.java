package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.ram.WritableRam;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import java.util.ArrayList;
import java.util.List;

/**
 * A HANDLE_TABLE: pages of 256 entries of 16 bytes, and as soon as there are two of them, a page of
 * pointers to them (the low bits of TableCode say how many levels). A handle is its entry's number
 * times 4; entry 0 is never used.
 */
public final class HandleTable {

  private static final int ENTRY = 16;
  private static final int PER_PAGE = WritableRam.FRAME / ENTRY;
  private static final int STEP = 4; // between handle values

  private final KernelSpace space;
  private final Pool pool;
  private final PoolBlock block;
  private final Struct table;
  private final List<Long> pages = new ArrayList<>();
  private long directory;
  private int next = 1;
  private int count;

  /**
   * A new table.
   *
   * @param process VA of the process it belongs to; 0 for the table of process and thread ids
   */
  public HandleTable(KernelSpace space, Pool pool, long process, int pid) {
    this.space = space;
    this.pool = pool;
    block =
        pool.allocate(
            space.facts.tag("handleTable"), space.facts.size("_HANDLE_TABLE"), PoolBlock.PAGED);
    table = space.struct("_HANDLE_TABLE", block.body());
    table.u64("QuotaProcess", process).u32("UniqueProcessId", pid).list("HandleTableList");
    grow();
  }

  public long va() {
    return block.body();
  }

  /** Number of open handles. */
  public int count() {
    return count;
  }

  /** Puts the table on the list of all tables. */
  public void list() {
    new Links(space.kernel)
        .insertTail(space.symbol("HandleTableListHead"), table.address("HandleTableList"));
  }

  /** Opens the next handle. */
  int open(ObjectManager objects, long objectVa, long access, int attributes) {
    int handle = STEP * next++;
    put(handle, objects.header(objectVa), access, attributes);
    return handle;
  }

  /** Puts a pointer at a given handle value, as the table of ids does. */
  void put(int handle, long pointer, long access, int attributes) {
    int number = handle / STEP;
    while (number >= PER_PAGE * pages.size()) {
      grow();
    }
    long entry = pages.get(number / PER_PAGE) + (long) ENTRY * (number % PER_PAGE);
    Struct item = space.struct("_HANDLE_TABLE_ENTRY", entry);
    if (item.has("ObjectPointerBits")) {
      item.bits("Unlocked", 1)
          .bits("RefCnt", 0x7fff)
          .bits("Attributes", attributes)
          .bits("ObjectPointerBits", pointer >>> 4)
          .bits("GrantedAccess", access);
    } else {
      item.u64("Object", pointer | (long) attributes << 1 | 1).u32("GrantedAccess", (int) access);
    }
    counted(1);
  }

  /** Closes a handle: its entry is zero again, as far as it names an object. */
  void close(int handle) {
    int number = handle / STEP;
    space.kernel.fillZero(pages.get(number / PER_PAGE) + (long) ENTRY * (number % PER_PAGE), ENTRY);
    counted(-1);
  }

  /** Gives everything back. */
  void free() {
    new Links(space.kernel).remove(table.address("HandleTableList"));
    pool.free(block);
    pages.forEach(pool::freePage);
    if (directory != 0) {
      pool.freePage(directory);
    }
  }

  private void counted(int change) {
    count += change;
    if (table.has("HandleCount")) {
      table.u32("HandleCount", count);
    } else {
      space.struct("_HANDLE_TABLE_FREE_LIST", table.address("FreeLists")).u32("HandleCount", count);
    }
  }

  private void grow() {
    pages.add(pool.allocatePage());
    if (pages.size() == 1) {
      table.u64("TableCode", pages.get(0));
    } else {
      if (directory == 0) {
        directory = pool.allocatePage();
        table.u64("TableCode", directory | 1);
        space.kernel.putLong(directory, pages.get(0));
      }
      space.kernel.putLong(directory + 8L * (pages.size() - 1), pages.get(pages.size() - 1));
    }
    table.u32("NextHandleNeedingPool", pages.size() * PER_PAGE * STEP);
  }
}
