package io.ramtide.testkit.truth;

/**
 * A FILE_OBJECT. VA: virtual address, GPA: guest-physical address.
 *
 * @param name path on its device
 * @param device name of its device, with its directory
 * @param access granted: some of RWD, - for one it has not
 * @param sharing shared: some of rwd, - for one it has not
 * @param objectVa VA of the object
 * @param objectGpa GPA of the object
 * @param freed whether its pool block was given back
 */
public record FileTruth(
    String name,
    String device,
    String access,
    String sharing,
    long objectVa,
    long objectGpa,
    boolean freed) {

  /** The same file after its pool block was given back. */
  public FileTruth asFreed() {
    return new FileTruth(name, device, access, sharing, objectVa, objectGpa, true);
  }
}
