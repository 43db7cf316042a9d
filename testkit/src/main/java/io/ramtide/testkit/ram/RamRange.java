package io.ramtide.testkit.ram;

/**
 * A run of guest-physical addresses that is RAM.
 *
 * @param start first guest-physical address, page aligned
 * @param length bytes, a multiple of 4096
 */
public record RamRange(long start, long length) {

  public RamRange {
    if (start < 0 || length <= 0 || (start & 0xfff) != 0 || (length & 0xfff) != 0) {
      throw new IllegalArgumentException(
          "a RAM range is whole pages, not %#x bytes at %#x".formatted(length, start));
    }
  }

  /** The guest-physical address after the last byte. */
  public long end() {
    return start + length;
  }

  /** Whether a guest-physical address lies in this range. */
  public boolean contains(long gpa) {
    return gpa >= start && gpa < end();
  }
}
