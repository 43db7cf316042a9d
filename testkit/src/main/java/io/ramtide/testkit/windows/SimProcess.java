package io.ramtide.testkit.windows;

import java.util.ArrayList;
import java.util.List;

/** A process of the simulation, and what is to be known of it. */
public final class SimProcess {

  final int pid;
  final int parentPid;
  final long createTime;
  final KernelObject object;
  final UserSpace userSpace;
  final List<KernelObject> threads = new ArrayList<>();
  KernelObject token;
  PoolBlock handleTable;
  long handlePage;
  String imageName;
  long exitTime;
  long directoryTableBase;
  boolean onActiveList = true;
  boolean freed;

  SimProcess(
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
