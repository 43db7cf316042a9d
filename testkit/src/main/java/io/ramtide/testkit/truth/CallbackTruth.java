package io.ramtide.testkit.truth;

/**
 * A kernel callback. VA: virtual address, GPA: guest-physical address.
 *
 * @param type list it is on: processCreate, threadCreate, imageLoad, registry, bugCheck,
 *     bugCheckReason, shutdown, fileSystem
 * @param address VA of the routine
 * @param module kernel module the address lies in; null: in none
 * @param detail component, altitude or driver; empty without
 */
public record CallbackTruth(String type, long address, String module, String detail) {}
