package io.ramtide.testkit.windows.process;

import io.ramtide.testkit.truth.HandleTruth;
import io.ramtide.testkit.truth.ThreadTruth;
import io.ramtide.testkit.truth.TokenTruth;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Links;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.object.Files;
import io.ramtide.testkit.windows.object.Handles;
import io.ramtide.testkit.windows.object.IdTable;
import io.ramtide.testkit.windows.object.KernelObject;
import io.ramtide.testkit.windows.object.ObjectManager;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.section.Sections;
import io.ramtide.testkit.windows.user.ProcessMemory;
import io.ramtide.testkit.windows.user.Program;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Creates and ends processes the way the kernel does: objects, threads, tables, lists. */
public final class ProcessTable {

  private static final int NAME_BYTES = 15; // EPROCESS.ImageFileName
  private static final int STILL_ACTIVE = 0x103;
  private static final int SYSTEM = 4;
  private static final int PROCESS_ACCESS = 0x1fffff;

  private final KernelSpace space;
  private final ObjectManager objects;
  private final Pool nonPaged;
  private final Pool paged;
  private final Sections sections;
  private final List<StartAddress> kernelStarts;
  private final Random random;
  private final Links links;
  private final double crossing;
  private final IdTable ids;
  private final Threads threads;
  private final Tokens tokens;
  private final Sessions sessions;
  private final OpenObjects openObjects;
  private final List<SimProcess> processes = new ArrayList<>();
  private int lastId;

  /**
   * An empty table.
   *
   * @param kernelStarts where the threads of System begin
   * @param crossing share of processes, 0 to 1, whose object crosses a page boundary
   */
  public ProcessTable(
      KernelSpace space,
      ObjectManager objects,
      Pool nonPaged,
      Pool paged,
      Sections sections,
      OpenObjects openObjects,
      List<StartAddress> kernelStarts,
      double crossing,
      Random random) {
    this.space = space;
    this.objects = objects;
    this.nonPaged = nonPaged;
    this.paged = paged;
    this.sections = sections;
    this.openObjects = openObjects;
    this.kernelStarts = kernelStarts;
    this.crossing = crossing;
    this.random = random;
    links = new Links(space.kernel);
    ids = new IdTable(space, paged);
    threads = new Threads(space, objects, ids);
    tokens = new Tokens(space, objects);
    sessions = new Sessions(space, paged);
  }

  public List<SimProcess> processes() {
    return processes;
  }

  /** The Idle process and its thread: static objects in the kernel image, on no list. */
  public void writeIdle() {
    ids.write();
    long process = space.symbol("KiInitialProcess");
    links.init(space.symbol("PsActiveProcessHead"));
    links.init(space.symbol("HandleTableListHead"));
    processHeader(process, space.root);
    eprocess(process, 0, 0, "Idle", 0);
    threads.writeIdle(space.symbol("KiInitialThread"), process);
    space.kernel.putLong(space.symbol("PsIdleProcess"), process);
  }

  /** An id no process or thread had yet: multiples of 4, as in Windows. */
  public int nextId() {
    lastId += 4 * (1 + random.nextInt(18));
    return lastId;
  }

  public SimProcess create(Launch launch, long time) {
    int pid = launch.pid();
    lastId = Math.max(lastId, pid);
    KernelObject object = allocate();
    SimProcess process =
        new SimProcess(
            pid,
            launch.parentPid(),
            shorten(launch.imageName()),
            time,
            object,
            launch.session(),
            launch.account());
    address(process, launch);
    processHeader(object.va(), process.directoryTableBase);
    eprocess(object.va(), pid, launch.parentPid(), process.imageName, time);
    ids.put(pid, object);
    process.token = tokens.create(launch.account(), Math.max(0, launch.session()), pid);
    process.handles = new Handles(space, objects, paged, object.va(), pid);
    Struct eprocess = space.struct("_EPROCESS", object.va());
    eprocess
        .u64("Token", process.token.va() | 1 + random.nextInt(14)) // EX_FAST_REF: count in low bits
        .u64("ObjectTable", process.handles.tableVa());
    createThreads(process, launch, time);
    if (process.memory != null) {
      process.memory.finish(object.va());
      auditName(object, process.memory.imageFile());
      wow64(object, process.memory.peb32());
    }
    sessions.join(process);
    links.insertTail(space.symbol("PsActiveProcessHead"), eprocess.address("ActiveProcessLinks"));
    if (pid == SYSTEM) {
      space.kernel.putLong(space.symbol("PsInitialSystemProcess"), object.va());
    }
    openObjects.fill(process);
    subsystemHandles(process);
    processes.add(process);
    return process;
  }

  private void address(SimProcess process, Launch launch) {
    if (launch.pid() == SYSTEM) {
      process.directoryTableBase = space.root;
      return;
    }
    if (launch.path().isEmpty()) {
      process.directoryTableBase = space.newRoot();
      return;
    }
    Program program =
        new Program(
            launch.pid(),
            launch.path(),
            launch.commandLine(),
            Environment.directory(launch.account()),
            Environment.of(launch.account()),
            launch.wow64(),
            Math.max(0, launch.session()),
            launch.intruded());
    process.memory = new ProcessMemory(space, sections, nonPaged, paged, program, random);
    process.directoryTableBase = process.memory.root();
  }

  private void createThreads(SimProcess process, Launch launch, long time) {
    boolean kernel = process.memory == null;
    int count = launch.pid() == SYSTEM ? 12 : 2 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      int tid = nextId();
      StartAddress start =
          kernel ? kernelStarts.get(i % kernelStarts.size()) : userStart(process.memory, i, count);
      long teb = kernel ? 0 : process.memory.addThread(tid);
      SimThread thread = threads.create(process, tid, time + 10_000L * i, start, teb);
      if (launch.pid() == SYSTEM && i < 2) {
        threads.setState(thread, i == 0 ? "running" : "ready");
      }
    }
    boolean ends = launch.imageName().equals("explorer.exe");
    if (ends) {
      threads.terminate(process.threads.get(0), time + 50_000_000L);
    }
    space.struct("_EPROCESS", process.object.va()).u32("ActiveThreads", count - (ends ? 1 : 0));
  }

  private static StartAddress userStart(ProcessMemory memory, int number, int count) {
    if (memory.planted() != 0 && number == count - 1) {
      return new StartAddress(memory.planted(), null);
    }
    var module = memory.module(number == 0 ? 0 : 1);
    return new StartAddress(module.baseVa() + 0x1240 + 0x20L * number, module.name());
  }

  /** Each csrss holds handles to the processes of its session and to their threads. */
  private void subsystemHandles(SimProcess process) {
    for (SimProcess holder : processes) {
      if (holder.imageName.equals("csrss.exe")
          && holder.handles != null
          && holder.session == process.session) {
        String name = process.imageName + " Pid " + process.pid;
        holder.handles.open(process.object, name, PROCESS_ACCESS);
        for (SimThread thread : process.threads) {
          String threadName = "Tid " + thread.tid + " Pid " + process.pid;
          holder.handles.open(thread.object, threadName, PROCESS_ACCESS);
        }
      }
    }
  }

  private void closeSubsystemHandles(KernelObject object) {
    for (SimProcess holder : processes) {
      if (holder.imageName.equals("csrss.exe") && holder.handles != null) {
        holder.handles.closeAll(object);
      }
    }
  }

  private void auditName(KernelObject process, String path) {
    Struct eprocess = space.struct("_EPROCESS", process.va());
    byte[] text = (Files.VOLUME + path).getBytes(StandardCharsets.UTF_16LE);
    long information = objects.text(process, "auditName", new byte[16 + text.length]);
    space.kernel.putShort(information, text.length);
    space.kernel.putShort(information + 2, text.length + 2);
    space.kernel.putLong(information + 8, information + 16);
    space.kernel.put(information + 16, text);
    eprocess.u64("SeAuditProcessCreationInfo.ImageFileName", information);
  }

  private void wow64(KernelObject process, long peb32) {
    Struct eprocess = space.struct("_EPROCESS", process.va());
    if (peb32 == 0) {
      return;
    }
    if (!space.facts.hasType("_EWOW64PROCESS")) {
      eprocess.u64("WoW64Process", peb32);
      return;
    }
    int size = space.facts.size("_EWOW64PROCESS");
    long block = objects.text(process, "wow64", new byte[size]);
    Struct wow = space.struct("_EWOW64PROCESS", block).u64("Peb", peb32);
    if (wow.has("Machine")) {
      wow.u16("Machine", 0x14c);
    }
    eprocess.u64("WoW64Process", block);
  }

  /**
   * Ends a process: no threads, no handles, no user memory, but the object stays, as others hold
   * handles to it.
   */
  public void exit(SimProcess process, long time) {
    Struct eprocess = space.struct("_EPROCESS", process.object.va());
    eprocess.u64("ExitTime", time).u32("ExitStatus", 0).u32("ActiveThreads", 0);
    eprocess.u64("ObjectTable", 0).list("ThreadListHead");
    space.struct("_KPROCESS", process.object.va()).list("ThreadListHead");
    space.kernel.putInt(process.object.va() + 4, 1); // DISPATCHER_HEADER.SignalState
    process.threads.forEach(thread -> closeSubsystemHandles(thread.object));
    closeSubsystemHandles(process.object);
    threads.end(process, time);
    sessions.leave(process);
    process.handles.free();
    openObjects.release(process);
    process.handles = null;
    if (process.memory != null) {
      process.memory.end(process.object.va());
    }
    process.exitTime = time;
  }

  /** Takes a process off the active list; its own links keep pointing at its neighbours. */
  public void delink(SimProcess process) {
    links.remove(space.struct("_EPROCESS", process.object.va()).address("ActiveProcessLinks"));
    process.onActiveList = false;
  }

  /** Takes a running process off the active list as a rootkit does: its own links name itself. */
  public void hide(SimProcess process) {
    delink(process);
    links.init(space.struct("_EPROCESS", process.object.va()).address("ActiveProcessLinks"));
  }

  /** Gives an ended process's object back to the pool. */
  public void free(SimProcess process) {
    ids.remove(process.pid);
    objects.free(process.object);
    objects.free(process.token);
    if (process.memory != null) {
      process.memory.free();
    }
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

  public List<ThreadTruth> threadTruth() {
    return threads.truth(processes);
  }

  public List<TokenTruth> tokenTruth() {
    return processes.stream().filter(p -> p.exitTime == 0).map(tokens::truth).toList();
  }

  public List<HandleTruth> handleTruth() {
    return processes.stream()
        .filter(process -> process.handles != null)
        .flatMap(process -> process.handles.truth().stream())
        .toList();
  }

  private KernelObject allocate() {
    int size = space.facts.size("_EPROCESS");
    KernelObject object;
    if (random.nextDouble() < crossing) {
      object = objects.createCrossing("Process", size);
    } else if (space.facts.release().flag("/separateObjectPages")) {
      object = objects.createAligned("Process", size);
    } else {
      object = objects.create("Process", size);
    }
    KernelObject made = object;
    processes.removeIf(stale -> stale.freed && stale.object.block().equals(made.block()));
    return object;
  }

  private void processHeader(long va, long root) {
    space.kernel.putByte(va, 3); // DISPATCHER_HEADER.Type
    space.kernel.putByte(va + 2, (int) space.facts.release().number("/processHeaderSize"));
    links.init(va + 8);
    space
        .struct("_KPROCESS", va)
        .u64("DirectoryTableBase", root | space.facts.release().number("/pcid"))
        .list("ProfileListHead")
        .list("ThreadListHead")
        .u8("BasePriority", 8)
        .u8("QuantumReset", 6);
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
        .list("SessionProcessLinks")
        .list("ThreadListHead");
  }

  private static String shorten(String name) {
    return name.length() < NAME_BYTES ? name : name.substring(0, NAME_BYTES - 1);
  }
}
