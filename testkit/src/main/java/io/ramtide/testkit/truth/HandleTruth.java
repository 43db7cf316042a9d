package io.ramtide.testkit.truth;

/**
 * An open handle. VA: virtual address, GPA: guest-physical address.
 *
 * @param pid process id
 * @param handle its value, a multiple of 4
 * @param objectType name of the object type
 * @param name object name: full path of a named object, path of a file with its device, empty
 *     without a name
 * @param grantedAccess ACCESS_MASK
 * @param objectVa VA of the object
 */
public record HandleTruth(
    int pid, int handle, String objectType, String name, long grantedAccess, long objectVa) {}
