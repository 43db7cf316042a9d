package io.ramtide.testkit.ram;

/**
 * Bytes that a machine wrote to its RAM.
 *
 * @param gpa guest-physical address of the first
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares them
public record RamWrite(long gpa, byte[] bytes) {}
