package io.ramtide.testkit;

import io.ramtide.testkit.truth.CallbackTruth;
import io.ramtide.testkit.truth.DriverTruth;
import io.ramtide.testkit.truth.FileTruth;
import io.ramtide.testkit.truth.HandleTruth;
import io.ramtide.testkit.truth.HiveTruth;
import io.ramtide.testkit.truth.KernelModuleTruth;
import io.ramtide.testkit.truth.ModuleTruth;
import io.ramtide.testkit.truth.MutexTruth;
import io.ramtide.testkit.truth.PageTruth;
import io.ramtide.testkit.truth.ProgramTruth;
import io.ramtide.testkit.truth.ServiceTruth;
import io.ramtide.testkit.truth.SymbolicLinkTruth;
import io.ramtide.testkit.truth.ThreadTruth;
import io.ramtide.testkit.truth.TokenTruth;
import io.ramtide.testkit.truth.VadTruth;
import java.util.List;

/**
 * What is true of a simulated guest at one moment.
 *
 * @param build Windows build number, for example 7601
 * @param kernelBaseVa virtual address of the kernel image
 * @param pdbGuid GUID of ntkrnlmp.pdb, 32 upper-case hexadecimal digits
 * @param pdbAge age that belongs to the GUID
 * @param directoryTableBase guest-physical address of the system's PML4
 * @param selfMapIndex PML4 slot that refers to the PML4 itself
 * @param guestTime FILETIME (100 ns since 1601-01-01 UTC)
 * @param processes all process objects in RAM, in the order of their creation; not Idle
 * @param decoys what looks like a process and is none
 * @param threads threads, running or ended, whose objects are in RAM; not Idle's
 * @param programs what running processes say of their programs
 * @param tokens primary tokens of running processes
 * @param handles open handles
 * @param modules modules of running processes
 * @param vads regions of running processes
 * @param pages pages of running processes whose state is known
 * @param kernelModules kernel modules
 * @param drivers drivers
 * @param files file objects
 * @param mutexes mutexes
 * @param symbolicLinks symbolic links
 * @param services the system service table
 * @param callbacks kernel callbacks
 * @param hives loaded registry hives with their keys, in the order they were loaded
 */
public record GroundTruth(
    int build,
    long kernelBaseVa,
    String pdbGuid,
    int pdbAge,
    long directoryTableBase,
    int selfMapIndex,
    long guestTime,
    List<ProcessTruth> processes,
    List<DecoyTruth> decoys,
    List<ThreadTruth> threads,
    List<ProgramTruth> programs,
    List<TokenTruth> tokens,
    List<HandleTruth> handles,
    List<ModuleTruth> modules,
    List<VadTruth> vads,
    List<PageTruth> pages,
    List<KernelModuleTruth> kernelModules,
    List<DriverTruth> drivers,
    List<FileTruth> files,
    List<MutexTruth> mutexes,
    List<SymbolicLinkTruth> symbolicLinks,
    List<ServiceTruth> services,
    List<CallbackTruth> callbacks,
    List<HiveTruth> hives) {

  public GroundTruth {
    processes = List.copyOf(processes);
    decoys = List.copyOf(decoys);
    threads = List.copyOf(threads);
    programs = List.copyOf(programs);
    tokens = List.copyOf(tokens);
    handles = List.copyOf(handles);
    modules = List.copyOf(modules);
    vads = List.copyOf(vads);
    pages = List.copyOf(pages);
    kernelModules = List.copyOf(kernelModules);
    drivers = List.copyOf(drivers);
    files = List.copyOf(files);
    mutexes = List.copyOf(mutexes);
    symbolicLinks = List.copyOf(symbolicLinks);
    services = List.copyOf(services);
    callbacks = List.copyOf(callbacks);
    hives = List.copyOf(hives);
  }

  /** The processes a walk of the active list meets, in its order. */
  public List<ProcessTruth> active() {
    return processes.stream().filter(ProcessTruth::onActiveList).toList();
  }

  /** The one process with an id whose object is not freed. */
  public ProcessTruth process(int pid) {
    return processes.stream()
        .filter(process -> process.pid() == pid && !process.freed())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no process " + pid));
  }

  /** The one hive whose root key has a path. */
  public HiveTruth hive(String path) {
    return hives.stream()
        .filter(hive -> hive.path().equalsIgnoreCase(path))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no hive " + path));
  }
}
