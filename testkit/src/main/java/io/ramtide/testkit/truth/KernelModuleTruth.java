package io.ramtide.testkit.truth;

/**
 * A loaded kernel module. VA: virtual address, GPA: guest-physical address.
 *
 * @param name base name
 * @param path full path as the loader has it
 * @param baseVa VA of its image
 * @param size bytes
 * @param entryPointVa VA of its entry point
 * @param listed whether it is on PsLoadedModuleList
 * @param objectVa VA of its loader entry
 * @param objectGpa GPA of its loader entry
 */
public record KernelModuleTruth(
    String name,
    String path,
    long baseVa,
    long size,
    long entryPointVa,
    boolean listed,
    long objectVa,
    long objectGpa) {}
