package io.ramtide.testkit.windows.process;

import io.ramtide.testkit.truth.ThreadTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.object.IdTable;
import io.ramtide.testkit.windows.object.KernelObject;
import io.ramtide.testkit.windows.object.ObjectManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Thread objects: on both lists of their process, in the table of ids, and freed again. */
final class Threads {

  private static final List<String> STATES =
      List.of("initialized", "ready", "running", "standby", "terminated", "waiting");
  private static final int USER_REQUEST = 6; // KWAIT_REASON
  private static final int TERMINATED = 1; // bit of CrossThreadFlags
  private static final int SYSTEM_THREAD = 0x10;

  private final KernelSpace space;
  private final ObjectManager objects;
  private final IdTable ids;
  private final Links links;
  private final List<SimThread> freed = new ArrayList<>();

  Threads(KernelSpace space, ObjectManager objects, IdTable ids) {
    this.space = space;
    this.objects = objects;
    this.ids = ids;
    links = new Links(space.kernel);
  }

  SimThread create(SimProcess process, int tid, long time, StartAddress start, long teb) {
    int size = space.facts.size("_ETHREAD");
    KernelObject object =
        space.facts.release().flag("/separateObjectPages")
            ? objects.createAligned("Thread", size)
            : objects.create("Thread", size);
    freed.removeIf(old -> old.object.block().equals(object.block()));
    write(object.va(), process.object.va(), process.pid, tid, time, start, teb);
    ids.put(tid, object);
    SimThread thread =
        new SimThread(
            tid, process.pid, object, space.kernel.translate(object.va()), time, start, teb);
    process.threads.add(thread);
    return thread;
  }

  /** The Idle process's thread, which is no pool object and in no table. */
  void writeIdle(long thread, long process) {
    write(thread, process, 0, 0, 0, new StartAddress(space.imageVa + 0x1000, null), 0);
  }

  private void write(
      long va, long process, int pid, int tid, long time, StartAddress start, long teb) {
    space.kernel.putByte(va, 6); // DISPATCHER_HEADER.Type
    space.kernel.putByte(va + 2, (int) space.facts.release().number("/threadHeaderSize"));
    links.init(va + 8);
    long stack = space.pagedPool + 0x2000_0000L + 0x8000L * tid;
    Struct kthread =
        space
            .struct("_KTHREAD", va)
            .u64("Process", process)
            .u64("ApcState.Process", process)
            .u64("StackBase", stack)
            .u64("InitialStack", stack)
            .u64("StackLimit", stack - 0x6000)
            .u64("KernelStack", stack - 0x5b0)
            .u64("Teb", teb)
            .list("MutantListHead");
    Struct ethread = space.struct("_ETHREAD", va);
    long cid = ethread.address("Cid");
    space.kernel.putLong(cid, pid);
    space.kernel.putLong(cid + 8, tid);
    ethread
        .u64("CreateTime", time)
        .u64("StartAddress", start.va())
        .u64("Win32StartAddress", start.va())
        .u32("CrossThreadFlags", pid <= 4 ? SYSTEM_THREAD : 0);
    state(va, "waiting");
    links.insertTail(
        space.struct("_KPROCESS", process).address("ThreadListHead"),
        kthread.address("ThreadListEntry"));
    links.insertTail(
        space.struct("_EPROCESS", process).address("ThreadListHead"),
        ethread.address("ThreadListEntry"));
  }

  void setState(SimThread thread, String state) {
    thread.state = state;
    state(thread.object.va(), state);
  }

  private void state(long va, String state) {
    space
        .struct("_KTHREAD", va)
        .u8("State", STATES.indexOf(state))
        .u8("WaitReason", state.equals("waiting") ? USER_REQUEST : 0);
  }

  /** Ends a thread that somebody still holds a handle to: it stays where it is. */
  void terminate(SimThread thread, long time) {
    setState(thread, "terminated");
    thread.exitTime = time;
    space
        .struct("_ETHREAD", thread.object.va())
        .u64("ExitTime", time)
        .u32("CrossThreadFlags", TERMINATED);
    space.kernel.putInt(thread.object.va() + 4, 1); // SignalState
  }

  /** Ends the threads of a process that ends, and gives their objects back. */
  void end(SimProcess process, long time) {
    for (SimThread thread : process.threads) {
      if (thread.exitTime == 0) {
        terminate(thread, time);
      }
      ids.remove(thread.tid);
      objects.free(thread.object);
      thread.listed = false;
      thread.freed = true;
      freed.add(thread);
    }
    process.threads.clear();
  }

  List<ThreadTruth> truth(List<SimProcess> processes) {
    return Stream.concat(
            processes.stream().flatMap(process -> process.threads.stream()), freed.stream())
        .map(SimThread::truth)
        .toList();
  }
}
