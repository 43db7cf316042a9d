package io.ramtide.testkit.windows.object;

import io.ramtide.testkit.truth.HandleTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.pool.Pool;
import java.util.ArrayList;
import java.util.List;

/** The open handles of one process. */
public final class Handles {

  private final ObjectManager objects;
  private final HandleTable table;
  private final int pid;
  private final List<HandleTruth> open = new ArrayList<>();

  public Handles(KernelSpace space, ObjectManager objects, Pool pool, long process, int pid) {
    this.objects = objects;
    this.pid = pid;
    table = new HandleTable(space, pool, process, pid);
    table.list();
  }

  /** VA of the HANDLE_TABLE. */
  public long tableVa() {
    return table.va();
  }

  /**
   * Opens a handle.
   *
   * @param name as {@link HandleTruth#name} has it
   */
  public void open(KernelObject object, String name, long access) {
    open(object, name, access, 0);
  }

  /**
   * Opens a handle with attributes.
   *
   * @param attributes 1: protected from close, 2: inherited, 4: audited
   */
  public void open(KernelObject object, String name, long access, int attributes) {
    int handle = table.open(objects, object.va(), access, attributes);
    open.add(new HandleTruth(pid, handle, object.type(), name, access, object.va()));
  }

  /** Closes all handles to an object. */
  public void closeAll(KernelObject object) {
    open.removeIf(
        handle -> {
          boolean closes = handle.objectVa() == object.va();
          if (closes) {
            table.close(handle.handle());
          }
          return closes;
        });
  }

  public List<HandleTruth> truth() {
    return List.copyOf(open);
  }

  /** Closes everything and gives the table back. */
  public void free() {
    open.clear();
    table.free();
  }
}
