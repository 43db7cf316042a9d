package io.ramtide.testkit.windows.machine;

import io.ramtide.testkit.ram.GuestRam;
import io.ramtide.testkit.ram.RamRange;
import io.ramtide.testkit.ram.RamWrite;
import io.ramtide.testkit.windows.KernelFacts;
import io.ramtide.testkit.windows.KernelPages;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.driver.KernelCode;
import io.ramtide.testkit.windows.image.DebuggerBlock;
import io.ramtide.testkit.windows.image.KernelImage;
import io.ramtide.testkit.windows.image.KernelVariables;
import io.ramtide.testkit.windows.image.LowStub;
import io.ramtide.testkit.windows.image.SharedUserData;
import io.ramtide.testkit.windows.network.GuestNetwork;
import io.ramtide.testkit.windows.object.Files;
import io.ramtide.testkit.windows.object.Namespace;
import io.ramtide.testkit.windows.object.ObjectManager;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.process.Launch;
import io.ramtide.testkit.windows.process.OpenObjects;
import io.ramtide.testkit.windows.process.ProcessTable;
import io.ramtide.testkit.windows.process.SimProcess;
import io.ramtide.testkit.windows.registry.Registry;
import io.ramtide.testkit.windows.registry.RegistryBoot;
import io.ramtide.testkit.windows.section.Sections;
import io.ramtide.testkit.windows.user.ProcessMemory;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;

/** A simulated Windows machine: everything behind {@link io.ramtide.testkit.SimulatedGuest}. */
public final class Machine {

  /** 100 ns units in a second. */
  public static final long SECOND = 10_000_000L;

  private final KernelSpace space;
  private final ProcessTable processes;
  private final SharedUserData sharedData;
  private final KernelImage image;
  private final Random life;
  private final ObjectManager objects;
  private final KernelCode kernelCode;
  private final OpenObjects openObjects;
  private final Pool nonPaged;
  private GuestNetwork network;
  private final boolean withDecoys;
  private final boolean rootkit;
  private final List<Decoys.Decoy> decoys;
  private final RegistryBoot boot;
  private Registry registry;
  private String pdbGuid;
  private int build;
  private long now;

  /**
   * Boots a kernel without processes.
   *
   * @param bootTime FILETIME
   * @param crossing share of processes, 0 to 1, whose object crosses a page boundary
   * @param rootkit whether somebody has hidden a driver, hooked a service and planted code
   * @param withDecoys whether RAM also holds what looks like processes and is none
   */
  public Machine(
      KernelFacts facts,
      List<RamRange> ranges,
      KernelPages pages,
      boolean lowStub,
      double crossing,
      boolean rootkit,
      boolean withDecoys,
      long bootTime,
      long seed) {
    Random random = new Random(seed);
    pdbGuid = facts.pdbGuid();
    build = facts.build();
    life = new Random(~seed);
    this.rootkit = rootkit;
    space = new KernelSpace(facts, ranges, pages, random);
    image = new KernelImage(space);
    image.write(random);
    new KernelVariables(space).write();
    Pool nonPaged = pool(random, space.nonPagedPool);
    Pool paged = pool(random, space.pagedPool);
    boot = new RegistryBoot(space, nonPaged, paged, new Random(seed * 31));
    objects = new ObjectManager(space, nonPaged, paged, random);
    objects.writeTypes();
    sharedData = new SharedUserData(space, bootTime);
    sharedData.write(random.nextInt());
    new DebuggerBlock(space).write(random);
    Namespace names = new Namespace(space, objects, paged);
    names.write();
    Files files = new Files(space, objects, names, nonPaged);
    kernelCode = new KernelCode(space, objects, names, files, nonPaged, rootkit);
    openObjects = new OpenObjects(space, objects, names, files, paged);
    openObjects.write(bootTime);
    processes =
        new ProcessTable(
            space,
            objects,
            nonPaged,
            paged,
            new Sections(space, objects, files, nonPaged, paged),
            openObjects,
            kernelCode.starts(),
            crossing,
            random);
    processes.writeIdle();
    if (lowStub) {
      new LowStub(space).write();
    }
    decoys = withDecoys ? new Decoys(space, nonPaged, bootTime, random).make() : List.of();
    this.withDecoys = withDecoys;
    this.nonPaged = nonPaged;
    setTime(bootTime);
  }

  private Pool pool(Random random, long start) {
    return new Pool(
        space.tables, space.frames, space.kernel, random, start, space.facts.tag("free"));
  }

  /**
   * Loads the registry, once the base processes run.
   *
   * @param bulkKeys further keys, each with so many values, below SOFTWARE\Bulk
   */
  public void loadRegistry(int bulkKeys, int bulkValues) {
    long root =
        processes.processes().stream()
            .filter(process -> process.imageName().equals("Registry"))
            .mapToLong(SimProcess::directoryTableBase)
            .findFirst()
            .orElse(0);
    registry = boot.registry(root, this::now, bulkKeys, bulkValues);
  }

  /** The registry; null before {@link #loadRegistry}. */
  public Registry registry() {
    return registry;
  }

  public KernelFacts facts() {
    return space.facts;
  }

  public long kernelBaseVa() {
    return space.imageVa;
  }

  public long directoryTableBase() {
    return space.root;
  }

  public int selfMapIndex() {
    return space.selfMapIndex;
  }

  /** Guest time, a FILETIME. */
  public long now() {
    return now;
  }

  public void setTime(long time) {
    now = time;
    sharedData.time(time);
  }

  /** Lets running programs and the kernel write to their memory. */
  public void churn(int pages) {
    List<SimProcess> running =
        processes.processes().stream().filter(p -> p.exitTime() == 0).toList();
    for (int i = 0; i < pages && !running.isEmpty(); i++) {
      ProcessMemory memory = running.get(life.nextInt(running.size())).memory();
      if (memory != null) {
        memory.churn(life);
      }
    }
  }

  public GuestRam snapshot() {
    return space.ram.snapshot();
  }

  /** What was written to RAM since the last call, in that order; nothing the first time. */
  public List<RamWrite> takeWrites() {
    return space.ram.takeWrites();
  }

  /** Guest-physical address of a mapped kernel address. */
  public long translate(long va) {
    return space.kernel.translate(va);
  }

  public List<SimProcess> processes() {
    return List.copyOf(processes.processes());
  }

  public int nextPid() {
    return processes.nextId();
  }

  /** Starts a program as this Windows would: see {@link Launch#of}. */
  public SimProcess create(
      int pid, int parentPid, String imageName, String path, String commandLine) {
    SimProcess parent =
        processes.processes().stream()
            .filter(process -> process.pid() == parentPid && !process.freed())
            .findFirst()
            .orElse(null);
    int before =
        (int)
            processes.processes().stream()
                .filter(process -> process.imageName().equals(imageName))
                .count();
    return processes.create(
        Launch.of(pid, parentPid, parent, imageName, path, commandLine, before, rootkit), now);
  }

  public void exit(SimProcess process, boolean stillLinked) {
    network.exited(process);
    processes.exit(process, now);
    if (!stillLinked) {
      processes.delink(process);
    }
  }

  public void free(SimProcess process) {
    network.freed(process);
    if (process.onActiveList()) {
      processes.delink(process);
    }
    processes.free(process);
  }

  public void hide(SimProcess process) {
    processes.hide(process);
  }

  /** The process with an id whose object is not freed. */
  public SimProcess find(int pid) {
    return processes.processes().stream()
        .filter(process -> process.pid() == pid && !process.freed())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no process " + pid));
  }

  /** Calls a consumer with kind and guest-physical address of each decoy. */
  public void decoys(BiConsumer<String, Long> consumer) {
    decoys.forEach(decoy -> consumer.accept(decoy.kind(), decoy.gpa()));
  }

  public Faults faults() {
    return new Faults(this);
  }

  /** PDB GUID as the image has it now. */
  public String pdbGuid() {
    return pdbGuid;
  }

  /** Build number as the image has it now. */
  public int build() {
    return build;
  }

  /** Makes the image claim another identity. */
  public void identify(String newGuid, int newBuild) {
    faults().replacePdbGuid(newGuid);
    if (newBuild != build) {
      faults().replaceBuild(newBuild);
    }
    pdbGuid = newGuid;
    build = newBuild;
  }

  public KernelCode kernelCode() {
    return kernelCode;
  }

  public OpenObjects openObjects() {
    return openObjects;
  }

  /** Starts tcpip.sys, with what the running processes have open. */
  public void startNetwork() {
    network =
        new GuestNetwork(
            space,
            nonPaged,
            kernelCode.module("tcpip.sys").baseVa(),
            processes::processes,
            this::now);
    network.start(rootkit, withDecoys);
  }

  public GuestNetwork network() {
    return network;
  }

  KernelSpace space() {
    return space;
  }

  public ProcessTable table() {
    return processes;
  }

  public KernelImage image() {
    return image;
  }
}
