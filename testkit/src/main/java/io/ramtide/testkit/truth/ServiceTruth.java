package io.ramtide.testkit.truth;

/**
 * An entry of the system service table. VA: virtual address, GPA: guest-physical address.
 *
 * @param index service number
 * @param address VA of the service
 * @param module kernel module the address lies in; null: in none
 * @param symbol name of the service, as it was before anybody hooked it
 */
public record ServiceTruth(int index, long address, String module, String symbol) {}
