package io.ramtide.scanner.memory;

/**
 * Guest-physical bytes.
 *
 * @param gpa of the first byte
 * @param length in bytes, at least 1
 */
public record PhysicalRange(long gpa, long length) {
  public PhysicalRange {
    if (gpa < 0 || length <= 0 || gpa + length < 0) {
      throw new IllegalArgumentException(
          "not a guest-physical range: 0x%x, %d bytes".formatted(gpa, length));
    }
  }

  /** The address after the last byte. */
  public long end() {
    return gpa + length;
  }
}
