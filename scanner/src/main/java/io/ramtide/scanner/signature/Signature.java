package io.ramtide.scanner.signature;

/**
 * Four bytes at a fixed place in a 16-byte-aligned slot.
 *
 * @param value the four bytes, read little-endian
 */
public record Signature(String name, Place place, int value) {
  /** Where in the slot the four bytes are. */
  public enum Place {
    /** At +0, where a dispatcher header begins. */
    START,
    /** At +4, where a pool header has its tag. */
    TAG
  }
}
