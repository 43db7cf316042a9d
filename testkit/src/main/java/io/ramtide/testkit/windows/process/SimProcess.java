package io.ramtide.testkit.windows.process;

import io.ramtide.testkit.windows.object.KernelObject;
import io.ramtide.testkit.windows.pool.PoolBlock;
import io.ramtide.testkit.windows.user.UserSpace;
import java.util.ArrayList;
import java.util.List;

/** A process of the simulation, and what is to be known of it. */
public final class SimProcess {

  public final int pid;
  public final int parentPid;
  public final long createTime;
  public final KernelObject object;
  public final UserSpace userSpace;
  public final List<KernelObject> threads = new ArrayList<>();
  public KernelObject token;
  public PoolBlock handleTable;
  public long handlePage;
  public String imageName;
  public long exitTime;
  public long directoryTableBase;
  public boolean onActiveList = true;
  public boolean freed;

  public SimProcess(
      int pid,
      int parentPid,
      String imageName,
      long createTime,
      KernelObject object,
      UserSpace userSpace) {
    this.pid = pid;
    this.parentPid = parentPid;
    this.imageName = imageName;
    this.createTime = createTime;
    this.object = object;
    this.userSpace = userSpace;
    this.directoryTableBase = userSpace.root();
  }

  public int pid() {
    return pid;
  }

  public int parentPid() {
    return parentPid;
  }

  public String imageName() {
    return imageName;
  }

  /** FILETIME. */
  public long createTime() {
    return createTime;
  }

  /** FILETIME, 0 while it runs. */
  public long exitTime() {
    return exitTime;
  }

  public long directoryTableBase() {
    return directoryTableBase;
  }

  public long objectVa() {
    return object.va();
  }

  public boolean onActiveList() {
    return onActiveList;
  }

  public boolean freed() {
    return freed;
  }
}
