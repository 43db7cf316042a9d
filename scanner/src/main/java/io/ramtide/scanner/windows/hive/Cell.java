package io.ramtide.scanner.windows.hive;

import java.nio.ByteBuffer;

/** A cell of a hive, or why there is none to be read. */
public sealed interface Cell {
  /**
   * A cell that was read whole.
   *
   * @param bytes without the size in front, little-endian, from 0 to its limit; may be padded
   * @param isFree whether its size says that it is not in use
   * @param gpa of its first byte behind the size
   */
  record Present(ByteBuffer bytes, boolean isFree, long gpa) implements Cell {}

  /**
   * A cell that could not be read.
   *
   * @param why paged out, not captured, outside the hive, a size that cannot be, ...
   */
  record Missing(String why) implements Cell {}
}
