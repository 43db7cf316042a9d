package io.ramtide.testkit.windows.process;

import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.object.KernelObject;
import io.ramtide.testkit.windows.object.ObjectManager;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import io.ramtide.testkit.windows.user.UserSpace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Creates and ends processes the way the kernel does: objects, threads, lists. */
public final class ProcessTable {

  private static final int NAME_BYTES = 15; // EPROCESS.ImageFileName
  private static final int TOKEN_BYTES = 0x300;
  private static final int STILL_ACTIVE = 0x103;
  private static final int WAITING = 5; // KTHREAD_STATE

  private final KernelSpace space;
  private final ObjectManager objects;
  private final Pool pool;
  private final Random random;
  private final Links links;
  private final double crossing;
  private final List<SimProcess> processes = new ArrayList<>();
  private int lastId;

  public ProcessTable(
      KernelSpace space, ObjectManager objects, Pool pool, double crossing, Random random) {
    this.space = space;
    this.objects = objects;
    this.pool = pool;
    this.crossing = crossing;
    this.random = random;
    this.links = new Links(space.kernel);
  }

  public List<SimProcess> processes() {
    return processes;
  }

  /** The Idle process and its thread: static objects in the kernel image, on no list. */
  public void writeIdle() {
    long process = space.symbol("KiInitialProcess");
    long thread = space.symbol("KiInitialThread");
    links.init(space.symbol("PsActiveProcessHead"));
    processHeader(process, UserSpace.system(space));
    eprocess(process, 0, 0, "Idle", 0);
    thread(thread, process, 0, 0, 0);
    space.kernel.putLong(space.symbol("PsIdleProcess"), process);
  }

  /** An id no process or thread had yet: multiples of 4, as in Windows. */
  public int nextId() {
    lastId += 4 * (1 + random.nextInt(18));
    return lastId;
  }

  public SimProcess create(int pid, int parentPid, String imageName, String path, long time) {
    lastId = Math.max(lastId, pid);
    boolean system = pid == 4;
    UserSpace user = system ? UserSpace.system(space) : UserSpace.create(space, path, random);
    KernelObject object = allocate();
    SimProcess process = new SimProcess(pid, parentPid, shorten(imageName), time, object, user);
    processHeader(object.va(), user);
    eprocess(object.va(), pid, parentPid, process.imageName, time);
    KernelObject token = objects.create("token", ObjectManager.TOKEN, TOKEN_BYTES, PoolBlock.PAGED);
    Struct eprocess = space.struct("_EPROCESS", object.va());
    process.token = token;
    process.handleTable =
        pool.allocate(
            space.facts.tag("handleTable"), space.facts.size("_HANDLE_TABLE"), PoolBlock.PAGED);
    process.handlePage = pool.allocatePage();
    handleTable(process);
    eprocess
        .u64("Token", token.va() | 1 + random.nextInt(14)) // EX_FAST_REF: count in the low bits
        .u64("ObjectTable", process.handleTable.body())
        .u64("Peb", user.peb())
        .u64("SectionBaseAddress", user.image());
    int threads = system ? 12 : 2 + random.nextInt(5);
    for (int i = 0; i < threads; i++) {
      KernelObject thread = allocate("thread", ObjectManager.THREAD, space.facts.size("_ETHREAD"));
      thread(thread.va(), object.va(), pid, nextId(), time + 10_000L * i);
      process.threads.add(thread);
    }
    eprocess.u32("ActiveThreads", threads);
    links.insertTail(space.symbol("PsActiveProcessHead"), eprocess.address("ActiveProcessLinks"));
    if (system) {
      space.kernel.putLong(space.symbol("PsInitialSystemProcess"), object.va());
    }
    processes.add(process);
    return process;
  }

  /** Ends a process: no threads, no handles, but the object stays, as others hold handles to it. */
  public void exit(SimProcess process, long time) {
    Struct eprocess = space.struct("_EPROCESS", process.object.va());
    eprocess.u64("ExitTime", time).u32("ExitStatus", 0).u32("ActiveThreads", 0);
    eprocess.u64("ObjectTable", 0).list("ThreadListHead");
    space.struct("_KPROCESS", process.object.va()).list("ThreadListHead");
    space.kernel.putInt(process.object.va() + 4, 1); // DISPATCHER_HEADER.SignalState
    process.threads.forEach(objects::free);
    process.threads.clear();
    pool.free(process.handleTable);
    pool.freePage(process.handlePage);
    process.exitTime = time;
  }

  /** Takes a process off the active list; its own links keep pointing at its neighbours. */
  public void delink(SimProcess process) {
    links.remove(space.struct("_EPROCESS", process.object.va()).address("ActiveProcessLinks"));
    process.onActiveList = false;
  }

  /** Takes a process off the active list and makes its links point at itself: DKOM. */
  public void hide(SimProcess process) {
    delink(process);
    space.struct("_EPROCESS", process.object.va()).list("ActiveProcessLinks");
  }

  public void free(SimProcess process) {
    objects.free(process.object);
    objects.free(process.token);
    process.userSpace.free();
    process.freed = true;
  }

  public void rename(SimProcess process, byte[] name) {
    space
        .struct("_EPROCESS", process.object.va())
        .bytes("ImageFileName", Arrays.copyOf(name, NAME_BYTES));
    int end = 0;
    while (end < Math.min(name.length, NAME_BYTES) && name[end] != 0) {
      end++;
    }
    process.imageName = new String(name, 0, end, StandardCharsets.ISO_8859_1);
  }

  private KernelObject allocate() {
    int size = space.facts.size("_EPROCESS");
    KernelObject object =
        random.nextDouble() < crossing
            ? objects.createCrossing("process", ObjectManager.PROCESS, size)
            : allocate("process", ObjectManager.PROCESS, size);
    processes.removeIf(stale -> stale.freed && stale.object.block().equals(object.block()));
    return object;
  }

  private KernelObject allocate(String tag, int type, int size) {
    return separate()
        ? objects.createAligned(tag, type, size)
        : objects.create(tag, type, size, PoolBlock.NON_PAGED);
  }

  private boolean separate() {
    return space.facts.release().flag("/separateObjectPages");
  }

  private void processHeader(long va, UserSpace user) {
    dispatcherHeader(va, 3, (int) space.facts.release().number("/processHeaderSize"));
    Struct kprocess = space.struct("_KPROCESS", va);
    kprocess
        .u64("DirectoryTableBase", user.directoryTableBaseField())
        .list("ProfileListHead")
        .list("ThreadListHead")
        .u8("BasePriority", 8)
        .u8("QuantumReset", 6);
    if (kprocess.has("UserDirectoryTableBase")) {
      kprocess.u64("UserDirectoryTableBase", user.userDirectoryTableBaseField());
    }
  }

  private void eprocess(long va, int pid, int parentPid, String name, long time) {
    byte[] ascii = name.getBytes(StandardCharsets.ISO_8859_1);
    space
        .struct("_EPROCESS", va)
        .u64("UniqueProcessId", pid)
        .u64("InheritedFromUniqueProcessId", parentPid)
        .u64("CreateTime", time)
        .bytes("ImageFileName", Arrays.copyOf(ascii, NAME_BYTES))
        .u8("PriorityClass", 2)
        .u32("ExitStatus", STILL_ACTIVE)
        .list("ThreadListHead");
  }

  private void thread(long va, long process, int pid, int tid, long time) {
    dispatcherHeader(va, 6, (int) space.facts.release().number("/threadHeaderSize"));
    long stack = space.pagedPool + 0x1000000L + 0x8000L * tid;
    Struct kthread = space.struct("_KTHREAD", va);
    kthread
        .u64("Process", process)
        .u64("StackBase", stack)
        .u64("InitialStack", stack)
        .u64("StackLimit", stack - 0x6000)
        .u64("KernelStack", stack - 0x5b0)
        .u64("Teb", pid <= 4 ? 0 : 0x7fffffde000L - 0x2000L * (tid & 0xff))
        .u8("State", WAITING);
    Struct ethread = space.struct("_ETHREAD", va);
    long cid = ethread.address("Cid");
    space.kernel.putLong(cid, pid);
    space.kernel.putLong(cid + 8, tid);
    long start = space.imageVa + 0x1000 + 16L * (tid & 0xfff);
    ethread.u64("CreateTime", time).u64("StartAddress", start).u64("Win32StartAddress", start);
    links.insertTail(
        space.struct("_KPROCESS", process).address("ThreadListHead"),
        kthread.address("ThreadListEntry"));
    links.insertTail(
        space.struct("_EPROCESS", process).address("ThreadListHead"),
        ethread.address("ThreadListEntry"));
  }

  /**
   * DISPATCHER_HEADER: Type, Abandoned, Size, Inserted (a byte each), SignalState, WaitListHead.
   */
  private void dispatcherHeader(long va, int type, int size) {
    space.kernel.putByte(va, type);
    space.kernel.putByte(va + 2, size);
    links.init(va + 8);
  }

  private void handleTable(SimProcess process) {
    Struct table = space.struct("_HANDLE_TABLE", process.handleTable.body());
    table
        .u64("TableCode", process.handlePage)
        .u64("QuotaProcess", process.object.va())
        .u32("UniqueProcessId", process.pid);
    if (table.has("HandleCount")) {
      table.u32("HandleCount", 10 + random.nextInt(400));
    }
  }

  private static String shorten(String name) {
    return name.length() < NAME_BYTES ? name : name.substring(0, NAME_BYTES - 1);
  }
}
