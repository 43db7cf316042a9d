package io.ramtide.testkit;

import io.ramtide.testkit.ram.GuestRam;
import io.ramtide.testkit.ram.RamRange;
import io.ramtide.testkit.ram.RamWrite;
import io.ramtide.testkit.truth.ProgramTruth;
import io.ramtide.testkit.windows.KernelFacts;
import io.ramtide.testkit.windows.KernelPages;
import io.ramtide.testkit.windows.machine.Machine;
import io.ramtide.testkit.windows.network.GuestNetwork;
import io.ramtide.testkit.windows.object.Files;
import io.ramtide.testkit.windows.process.SimProcess;
import io.ramtide.testkit.windows.user.ProcessMemory;
import io.ramtide.testkit.windows.user.Program;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A Windows x64 guest that exists only as RAM, with everything known that is in it. The same seed
 * and the same calls give the same bytes. Not thread-safe.
 */
public final class SimulatedGuest {

  private static final int SYSTEM_PID = 4;
  private static final long EPOCH_1601 = -11_644_473_600L; // seconds to 1970
  private static final Instant FIRST_BOOT = Instant.parse("2026-03-02T07:30:00Z");

  private final Machine machine;

  private SimulatedGuest(Machine machine) {
    this.machine = machine;
  }

  /** A Windows 7 SP1 workstation (7601.24540, EPROCESS of 4f8 bytes) with 64 MiB of RAM. */
  public static Builder windows7(long seed) {
    return new Builder("7601-24540", "windows7", 64L << 20, seed);
  }

  /**
   * A Windows 7 SP1 workstation as first released (7601.17514, EPROCESS of 4d0 bytes). No public
   * symbol table of that kernel is used here: its PDB GUID is invented and its variables lie where
   * 24540 has them, so that a reader must find them through KDBG.
   */
  public static Builder windows7Rtm(long seed) {
    return new Builder("7601-17514", "windows7", 64L << 20, seed);
  }

  /** The same for 7601.23418, of 2016, whose EPROCESS has 4e8 bytes. */
  public static Builder windows7Mid(long seed) {
    return new Builder("7601-23418", "windows7", 64L << 20, seed);
  }

  /** A Windows 8.1 workstation (9600.19913) with 128 MiB of RAM. */
  public static Builder windows81(long seed) {
    return new Builder("9600", "windows8.1", 128L << 20, seed);
  }

  /** A Windows 10 workstation (19041) with 128 MiB of RAM. */
  public static Builder windows10(long seed) {
    return windows10(seed, 19041);
  }

  /** A Windows 10 workstation of build 14393, 17763 or 19041, with 128 MiB of RAM. */
  public static Builder windows10(long seed, int build) {
    return switch (build) {
      case 14393 -> new Builder("14393", "windows10-1607", 128L << 20, seed);
      case 17763 -> new Builder("17763", "windows10-1809", 128L << 20, seed).crossingObjects(0.3);
      case 19041 -> new Builder("19041", "windows10", 128L << 20, seed).crossingObjects(0.3);
      default -> throw new IllegalArgumentException("no simulated Windows 10 of build " + build);
    };
  }

  /** A Windows 11 workstation (22000) with 128 MiB of RAM, with swizzled page table entries. */
  public static Builder windows11(long seed) {
    return new Builder("22000", "windows11", 128L << 20, seed).crossingObjects(0.3);
  }

  /** The builds that {@link #ofBuild} knows, ascending. */
  public static List<Integer> builds() {
    return List.of(7601, 9600, 14393, 17763, 19041, 22000);
  }

  /** A workstation of one of {@link #builds}. */
  public static Builder ofBuild(int build, long seed) {
    return switch (build) {
      case 7601 -> windows7(seed);
      case 9600 -> windows81(seed);
      case 22000 -> windows11(seed);
      default -> windows10(seed, build);
    };
  }

  /** Starts a program; guest time does not move. Returns its process id. */
  public int start(String imageName, int parentPid) {
    return start(imageName, parentPid, "C:\\Windows\\System32\\" + imageName);
  }

  /** Starts a program from a path. */
  public int start(String imageName, int parentPid, String path) {
    return start(imageName, parentPid, path, path);
  }

  /** Starts a program from a path with a command line. */
  public int start(String imageName, int parentPid, String path, String commandLine) {
    return machine.create(machine.nextPid(), parentPid, imageName, path, commandLine).pid();
  }

  /** Ends a process whose last handle is closed: its object leaves the active list. */
  public void exit(int pid) {
    machine.exit(running(pid), false);
  }

  /** Ends a process that somebody still holds a handle to: its object stays on the active list. */
  public void exitStillLinked(int pid) {
    machine.exit(running(pid), true);
  }

  /** Gives the object of an ended process back to the pool: a stale object stays in memory. */
  public void free(int pid) {
    SimProcess process = machine.find(pid);
    if (process.exitTime() == 0) {
      throw new IllegalStateException("process " + pid + " still runs");
    }
    machine.free(process);
  }

  /** Takes a running process off the active list, as a rootkit does (DKOM). */
  public void unlink(int pid) {
    SimProcess process = running(pid);
    if (!process.onActiveList()) {
      throw new IllegalStateException("process " + pid + " is not on the active list");
    }
    machine.hide(process);
  }

  /** Lets time pass: the guest's clock moves and some data pages change. */
  public void advance(Duration duration) {
    machine.setTime(machine.now() + duration.toNanos() / 100);
    machine.churn((int) Math.min(60, 2 + duration.toSeconds()));
  }

  /** The registry, to be changed. */
  public GuestRegistry registry() {
    return new GuestRegistry(machine.registry());
  }

  /** Its network endpoints, which can be opened, changed and closed. */
  public GuestNetwork network() {
    return machine.network();
  }

  /** Breaks the guest's memory. */
  public void corrupt(Corruption corruption) {
    corruption.apply(machine);
  }

  /** The RAM as it is now. Frames that did not change are shared with earlier snapshots. */
  public GuestRam snapshot() {
    return machine.snapshot();
  }

  /**
   * What was written to RAM since the last call, in the order in which the guest wrote it; nothing
   * the first time.
   */
  public List<RamWrite> takeWrites() {
    return machine.takeWrites();
  }

  /** What is in the RAM now. */
  public GroundTruth truth() {
    List<ProcessTruth> processes = machine.processes().stream().map(this::truthOf).toList();
    List<DecoyTruth> decoys = new ArrayList<>();
    machine.decoys((kind, gpa) -> decoys.add(new DecoyTruth(kind, gpa)));
    List<DecoyTruth> endpointDecoys = new ArrayList<>();
    machine.network().decoys((kind, gpa) -> endpointDecoys.add(new DecoyTruth(kind, gpa)));
    return new GroundTruth(
        machine.build(),
        machine.kernelBaseVa(),
        machine.pdbGuid(),
        machine.facts().pdbAge(),
        machine.directoryTableBase(),
        machine.selfMapIndex(),
        machine.now(),
        processes,
        decoys,
        machine.table().threadTruth(),
        running().map(this::program).toList(),
        machine.table().tokenTruth(),
        machine.table().handleTruth(),
        memories().flatMap(memory -> memory.modules().stream()).toList(),
        memories().flatMap(memory -> memory.vads().stream()).toList(),
        memories().flatMap(memory -> memory.pages().stream()).toList(),
        machine.kernelCode().modules(),
        machine.kernelCode().drivers(),
        machine.openObjects().fileTruth(),
        machine.openObjects().mutexTruth(),
        machine.openObjects().linkTruth(),
        machine.kernelCode().services(),
        machine.kernelCode().callbacks(),
        machine.registry().truth(),
        machine.network().truth(),
        endpointDecoys);
  }

  private Stream<SimProcess> running() {
    return machine.processes().stream().filter(process -> process.exitTime() == 0);
  }

  private Stream<ProcessMemory> memories() {
    return running().map(SimProcess::memory).filter(Objects::nonNull);
  }

  private ProgramTruth program(SimProcess process) {
    ProcessMemory memory = process.memory();
    if (memory == null) {
      return new ProgramTruth(
          process.pid(),
          process.objectVa(),
          process.session(),
          false,
          0,
          null,
          null,
          null,
          null,
          null,
          Map.of());
    }
    Program program = memory.program();
    String status = memory.commandLineStatus();
    return new ProgramTruth(
        process.pid(),
        process.objectVa(),
        process.session(),
        program.wow64(),
        memory.peb(),
        Files.VOLUME + memory.imageFile(),
        program.path(),
        status == null ? program.commandLine() : null,
        status,
        program.currentDirectory(),
        program.environment());
  }

  private ProcessTruth truthOf(SimProcess process) {
    return new ProcessTruth(
        process.pid(),
        process.parentPid(),
        process.imageName(),
        process.createTime(),
        process.exitTime(),
        process.directoryTableBase(),
        process.objectVa(),
        machine.translate(process.objectVa()),
        process.onActiveList(),
        process.freed());
  }

  private SimProcess running(int pid) {
    SimProcess process = machine.find(pid);
    if (process.exitTime() != 0) {
      throw new IllegalStateException("process " + pid + " has exited");
    }
    return process;
  }

  private void startBaseProcesses(List<BaseProcesses.Entry> entries, int bulkKeys, int bulkValues) {
    Map<String, Integer> pids = new HashMap<>();
    machine.create(SYSTEM_PID, 0, "System", "", "");
    pids.put("System", SYSTEM_PID);
    for (BaseProcesses.Entry entry : entries) {
      machine.setTime(machine.now() + entry.after() * 10_000L + 4321);
      int parent = entry.parent() == null ? machine.nextPid() : pids.get(entry.parent());
      String path = entry.path();
      int pid = start(entry.imageName(), parent, path, path + entry.arguments());
      pids.putIfAbsent(entry.imageName(), pid);
    }
    machine.setTime(machine.now() + 300 * Machine.SECOND);
    machine.loadRegistry(bulkKeys, bulkValues);
    machine.startNetwork();
  }

  /** What the guest is built of; {@link #boot} makes it. */
  public static final class Builder {
    private static final long MIN_RAM = 64L << 20;

    private static final long PCI_HOLE = 3L << 30;
    private static final long ABOVE_HOLE = 4L << 30;

    private final String kernel;
    private final String release;
    private final long seed;
    private List<RamRange> ram;
    private KernelPages kernelPages = KernelPages.LARGE;
    private boolean lowStub = true;
    private double crossing;
    private boolean decoys = true;
    private boolean rootkit = true;
    private int bulkKeys;
    private int bulkValues;

    private Builder(String kernel, String release, long ramBytes, long seed) {
      this.kernel = kernel;
      this.release = release;
      ram(ramBytes);
      this.seed = seed;
    }

    /** End of RAM, in bytes, at least 64 MiB; from 3 GiB on the rest lies above 4 GiB. */
    public Builder ram(long bytes) {
      if (bytes < MIN_RAM) {
        throw new IllegalArgumentException("a guest needs 64 MiB of RAM, not " + bytes);
      }
      ram = ranges(bytes);
      return this;
    }

    /** RAM at given addresses, e.g. those of a virtual machine; ascending, at least 64 MiB. */
    public Builder ram(List<RamRange> ranges) {
      if (ranges.get(ranges.size() - 1).end() < MIN_RAM) {
        throw new IllegalArgumentException("a guest needs 64 MiB of RAM, not " + ranges);
      }
      ram = List.copyOf(ranges);
      return this;
    }

    /** How the kernel image is mapped. */
    public Builder kernelPages(KernelPages pages) {
      this.kernelPages = pages;
      return this;
    }

    /** Whether the first megabyte has the start-up code for further processors. */
    public Builder lowStub(boolean present) {
      this.lowStub = present;
      return this;
    }

    /** Share of processes, 0 to 1, whose object crosses a page boundary. */
    public Builder crossingObjects(double share) {
      this.crossing = share;
      return this;
    }

    /** Whether RAM also holds what looks like processes and is none; it does by default. */
    public Builder decoys(boolean present) {
      this.decoys = present;
      return this;
    }

    /**
     * Whether somebody was there: a driver that is on no list, with a hooked service, a hooked
     * dispatch table and callbacks; in explorer.exe modules taken off the loader's lists, planted
     * code and a thread in it. It is so by default.
     */
    public Builder rootkit(boolean present) {
      this.rootkit = present;
      return this;
    }

    /**
     * Adds many keys, each with so many values, to hive SOFTWARE, below its key Bulk. A thousand
     * keys with three values take about 0.5 MiB of RAM.
     */
    public Builder bulkRegistry(int keys, int values) {
      this.bulkKeys = keys;
      this.bulkValues = values;
      return this;
    }

    /** Boots: some minutes after start-up, somebody logged on. */
    public SimulatedGuest boot() {
      KernelFacts facts = KernelFacts.load(kernel, release);
      long boot =
          (FIRST_BOOT.getEpochSecond() - EPOCH_1601 + Math.floorMod(seed, 86_400L)) * Machine.SECOND
              + Math.floorMod(seed * 7919, Machine.SECOND);
      SimulatedGuest guest =
          new SimulatedGuest(
              new Machine(facts, ram, kernelPages, lowStub, crossing, rootkit, decoys, boot, seed));
      Set<String> without = Set.copyOf(facts.release().texts("/withoutProcesses"));
      guest.startBaseProcesses(
          (release.equals("windows7") ? BaseProcesses.WINDOWS_7 : BaseProcesses.WINDOWS_10)
              .stream().filter(entry -> !without.contains(entry.imageName())).toList(),
          bulkKeys,
          bulkValues);
      return guest;
    }

    private static List<RamRange> ranges(long ramBytes) {
      List<RamRange> ranges = new ArrayList<>();
      ranges.add(new RamRange(0, 0xa0000));
      ranges.add(new RamRange(0x100000, Math.min(ramBytes, PCI_HOLE) - 0x100000));
      if (ramBytes > PCI_HOLE) {
        ranges.add(new RamRange(ABOVE_HOLE, ramBytes - PCI_HOLE));
      }
      return ranges;
    }
  }
}
