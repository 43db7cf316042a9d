package io.ramtide.testkit.truth;

import java.util.List;

/**
 * A DRIVER_OBJECT. VA: virtual address, GPA: guest-physical address.
 *
 * @param name with its directory
 * @param serviceKey name of its service key
 * @param startVa VA of its image
 * @param size bytes of its image
 * @param module kernel module its image is
 * @param dispatch the 28 addresses of MajorFunction
 * @param unload address of DriverUnload, 0 without
 * @param objectVa VA of the object
 * @param objectGpa GPA of the object
 */
public record DriverTruth(
    String name,
    String serviceKey,
    long startVa,
    long size,
    String module,
    List<Long> dispatch,
    long unload,
    long objectVa,
    long objectGpa) {
  public DriverTruth {
    dispatch = List.copyOf(dispatch);
  }
}
