package io.ramtide.testkit;

/**
 * What is true of one process object in the guest's RAM.
 *
 * @param pid process id
 * @param parentPid process id of the creator, which may be gone
 * @param imageName as ImageFileName holds it: at most 14 characters
 * @param createTime FILETIME (100 ns since 1601-01-01 UTC)
 * @param exitTime FILETIME, 0 while it runs
 * @param directoryTableBase guest-physical address of its PML4, without low bits
 * @param objectVa virtual address of the EPROCESS
 * @param objectGpa guest-physical address of the EPROCESS
 * @param onActiveList whether a walk from PsActiveProcessHead meets it
 * @param freed whether its pool block was given back, so that only a stale object is left
 */
public record ProcessTruth(
    int pid,
    int parentPid,
    String imageName,
    long createTime,
    long exitTime,
    long directoryTableBase,
    long objectVa,
    long objectGpa,
    boolean onActiveList,
    boolean freed) {

  /** Runs, and is hidden from the active list. */
  public boolean hidden() {
    return !onActiveList && exitTime == 0 && !freed;
  }
}
