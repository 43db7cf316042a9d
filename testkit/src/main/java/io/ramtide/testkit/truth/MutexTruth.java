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
 */
public record MutexTruth(
    String name, int ownerPid, int ownerTid, boolean abandoned, long objectVa, long objectGpa) {}
