package io.ramtide.testkit.truth;

/**
 * An ETHREAD. VA: virtual address, GPA: guest-physical address.
 *
 * @param tid thread id
 * @param pid process id
 * @param createTime FILETIME
 * @param exitTime FILETIME, 0 while it runs
 * @param startAddress VA where it began, as Win32StartAddress has it
 * @param startModule name of the module the start address lies in; null: in none
 * @param state as KTHREAD_STATE names it, in lower case: running, waiting, terminated
 * @param tebVa VA of its TEB, 0 if it has none
 * @param objectVa VA of the ETHREAD
 * @param objectGpa GPA of the ETHREAD
 * @param listed whether it is on its process's list of threads
 * @param freed whether its pool block was given back
 */
public record ThreadTruth(
    int tid,
    int pid,
    long createTime,
    long exitTime,
    long startAddress,
    String startModule,
    String state,
    long tebVa,
    long objectVa,
    long objectGpa,
    boolean listed,
    boolean freed) {}
