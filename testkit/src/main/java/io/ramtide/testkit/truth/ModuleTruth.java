package io.ramtide.testkit.truth;

/**
 * A module of a process: a loader entry, or an image mapped without one. VA: virtual address, GPA:
 * guest-physical address.
 *
 * @param pid process id
 * @param name base name; null if unreadable
 * @param nameStatus why name and path cannot be read from RAM: paged out; null if they can
 * @param path as the loader has it; null without an entry or if unreadable
 * @param baseVa VA of its image
 * @param size bytes
 * @param entryPointVa VA of its entry point; 0 without an entry
 * @param wow64 whether it is an entry of the 32-bit loader
 * @param inLoad on the list in load order
 * @param inInit on the list in initialization order
 * @param inMemory on the list in memory order
 * @param mappedFile path of the file the region at its base maps; null: none
 */
public record ModuleTruth(
    int pid,
    String name,
    String nameStatus,
    String path,
    long baseVa,
    long size,
    long entryPointVa,
    boolean wow64,
    boolean inLoad,
    boolean inInit,
    boolean inMemory,
    String mappedFile) {}
