package io.ramtide.testkit.truth;

/**
 * A symbolic link of the object manager. VA: virtual address, GPA: guest-physical address.
 *
 * @param name without its directory
 * @param target where it leads
 * @param createTime FILETIME
 * @param objectVa VA of the object
 * @param objectGpa GPA of the object
 */
public record SymbolicLinkTruth(
    String name, String target, long createTime, long objectVa, long objectGpa) {}
