package io.ramtide.testkit.truth;

/**
 * A page of a process in a certain state. Where it is in RAM it begins with its own VA (8 bytes,
 * little-endian), the first page of an image with its PE header. VA: virtual address, GPA:
 * guest-physical address.
 *
 * @param pid process id
 * @param va VA of the page
 * @param state valid, transition, prototype, prototypeTransition, prototypeDemandZero,
 *     prototypeFile, vadPrototype, pagefile, demandZero
 * @param gpa GPA of its content; -1 where it has none in RAM
 * @param entry the page table entry
 */
public record PageTruth(int pid, long va, String state, long gpa, long entry) {}
