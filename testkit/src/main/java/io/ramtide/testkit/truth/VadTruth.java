package io.ramtide.testkit.truth;

/**
 * A region of a process. VA: virtual address, GPA: guest-physical address.
 *
 * @param pid process id
 * @param startVa first byte
 * @param endVa last byte
 * @param protection as asked for: PAGE_READWRITE, ...
 * @param image whether an image is mapped
 * @param privateMemory whether it is private memory
 * @param commitCharge pages
 * @param file path of the file mapped, without its device; null: none
 * @param mz whether its first page is private memory, executable, and begins with MZ
 * @param objectVa VA of the MMVAD
 */
public record VadTruth(
    int pid,
    long startVa,
    long endVa,
    String protection,
    boolean image,
    boolean privateMemory,
    long commitCharge,
    String file,
    boolean mz,
    long objectVa) {}
