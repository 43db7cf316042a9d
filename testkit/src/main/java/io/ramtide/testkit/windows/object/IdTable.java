package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.pool.Pool;

/** PspCidTable: a handle table whose handles are process and thread ids. */
public final class IdTable {

  private final KernelSpace space;
  private final HandleTable table;

  public IdTable(KernelSpace space, Pool pool) {
    this.space = space;
    table = new HandleTable(space, pool, 0, 0);
  }

  public void write() {
    space.kernel.putLong(space.symbol("PspCidTable"), table.va());
  }

  /** Enters a process or thread; its entry points at the object itself, not at its header. */
  public void put(int id, KernelObject object) {
    table.put(id, object.va(), 0, 0);
  }

  public void remove(int id) {
    table.close(id);
  }
}
