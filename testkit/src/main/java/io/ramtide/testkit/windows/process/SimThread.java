package io.ramtide.testkit.windows.process;

import io.ramtide.testkit.truth.ThreadTruth;
import io.ramtide.testkit.windows.object.KernelObject;

/** A thread of the simulation. */
public final class SimThread {

  final int tid;
  final int pid;
  final KernelObject object;
  final long objectGpa;
  final long createTime;
  final StartAddress start;
  final long teb;
  String state = "waiting";
  long exitTime;
  boolean listed = true;
  boolean freed;

  SimThread(
      int tid,
      int pid,
      KernelObject object,
      long objectGpa,
      long createTime,
      StartAddress start,
      long teb) {
    this.tid = tid;
    this.pid = pid;
    this.object = object;
    this.objectGpa = objectGpa;
    this.createTime = createTime;
    this.start = start;
    this.teb = teb;
  }

  public int tid() {
    return tid;
  }

  public KernelObject object() {
    return object;
  }

  ThreadTruth truth() {
    return new ThreadTruth(
        tid,
        pid,
        createTime,
        exitTime,
        start.va(),
        start.module(),
        state,
        teb,
        object.va(),
        objectGpa,
        listed,
        freed);
  }
}
