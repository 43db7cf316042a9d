package io.ramtide.testkit.windows.process;

import io.ramtide.testkit.windows.object.Handles;
import io.ramtide.testkit.windows.object.KernelObject;
import io.ramtide.testkit.windows.user.ProcessMemory;
import java.util.ArrayList;
import java.util.List;

/** A process of the simulation, and what is to be known of it. */
public final class SimProcess {

  final int pid;
  final int parentPid;
  final long createTime;
  final KernelObject object;
  final int session;
  final Account account;
  final List<SimThread> threads = new ArrayList<>();
  ProcessMemory memory;
  KernelObject token;
  Handles handles;
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
      int session,
      Account account) {
    this.pid = pid;
    this.parentPid = parentPid;
    this.imageName = imageName;
    this.createTime = createTime;
    this.object = object;
    this.session = session;
    this.account = account;
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

  /** Session it runs in, -1 without. */
  public int session() {
    return session;
  }

  public Account account() {
    return account;
  }

  /** Its user memory; null without. */
  public ProcessMemory memory() {
    return memory;
  }

  /** Its open handles; null after its end. */
  public Handles handles() {
    return handles;
  }

  public List<SimThread> threads() {
    return threads;
  }
}
