package io.ramtide.testkit.truth;

/**
 * A KMUTANT. VA: virtual address, GPA: guest-physical address.
 *
 * @param name without its directory; empty without one
 * @param ownerPid process of its owner; 0: owned by nobody
 * @param ownerTid thread that owns it; 0: owned by nobody
 * @param abandoned whether its owner ended without releasing it
 * @param objectVa VA of the object
 * @param objectGpa GPA of the object
 * @param freed whether its pool block was given back
 */
public record MutexTruth(
    String name,
    int ownerPid,
    int ownerTid,
    boolean abandoned,
    long objectVa,
    long objectGpa,
    boolean freed) {

  /** The same mutex after its pool block was given back. */
  public MutexTruth asFreed() {
    return new MutexTruth(name, ownerPid, ownerTid, abandoned, objectVa, objectGpa, true);
  }
}
