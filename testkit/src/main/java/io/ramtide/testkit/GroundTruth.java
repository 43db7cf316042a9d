package io.ramtide.testkit;

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
    List<DecoyTruth> decoys) {

  public GroundTruth {
    processes = List.copyOf(processes);
    decoys = List.copyOf(decoys);
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
}
