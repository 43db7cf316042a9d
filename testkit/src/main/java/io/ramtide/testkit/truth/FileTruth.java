package io.ramtide.testkit.truth;

/**
 * A FILE_OBJECT. VA: virtual address, GPA: guest-physical address.
 *
 * @param name path on its device
 * @param device name of its device, with its directory
 * @param access granted: some of RWD, - for one it has not
 * @param sharing shared: some of rwd, - for one it has not
 * @param objectVa VA of the object
 * @param objectGpa GPA of the object
 */
public record FileTruth(
    String name, String device, String access, String sharing, long objectVa, long objectGpa) {}
