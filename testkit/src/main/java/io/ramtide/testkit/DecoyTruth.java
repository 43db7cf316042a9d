package io.ramtide.testkit;

/**
 * A place in RAM that looks like a process object and is none.
 *
 * @param kind what is wrong with it
 * @param gpa guest-physical address of the pool header, or of the tag where there is none
 */
public record DecoyTruth(String kind, long gpa) {}
