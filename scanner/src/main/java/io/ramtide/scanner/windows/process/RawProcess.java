package io.ramtide.scanner.windows.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/** The bytes at a place that may be an EPROCESS, as far as they could be read. */
final class RawProcess {
  private static final long LOW_BITS = 0xfff;

  private final ProcessLayout layout;
  private final long gpa;
  private final OptionalLong va;
  private final ByteBuffer bytes;
  private final int known;

  /**
   * @param gpa of the first byte
   * @param va of the first byte, if a mapping is known
   * @param known how many of the bytes could be read
   */
  RawProcess(ProcessLayout layout, long gpa, OptionalLong va, byte[] bytes, int known) {
    this.layout = layout;
    this.gpa = gpa;
    this.va = va;
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.known = known;
  }

  ProcessLayout layout() {
    return layout;
  }

  long gpa() {
    return gpa;
  }

  OptionalLong va() {
    return va;
  }

  OptionalLong qword(int offset) {
    return offset + Long.BYTES <= known
        ? OptionalLong.of(bytes.getLong(offset))
        : OptionalLong.empty();
  }

  OptionalLong dword(int offset) {
    return offset + Integer.BYTES <= known
        ? OptionalLong.of(Integer.toUnsignedLong(bytes.getInt(offset)))
        : OptionalLong.empty();
  }

  boolean hasProcessHeader() {
    return known > layout.headerSize()
        && bytes.get(layout.type()) == 3
        && (bytes.get(layout.headerSize()) & 0xff) == layout.headerSizeValue();
  }

  OptionalLong pid() {
    return qword(layout.pid());
  }

  OptionalLong parentPid() {
    return qword(layout.parentPid());
  }

  OptionalLong createTime() {
    return qword(layout.createTime());
  }

  OptionalLong exitTime() {
    return qword(layout.exitTime());
  }

  OptionalLong activeThreads() {
    return dword(layout.activeThreads());
  }

  /** GPA of its page-table root: the field without its low twelve bits (PCID). */
  OptionalLong directoryTableBase() {
    OptionalLong field = qword(layout.directoryTableBase());
    return field.isPresent() ? OptionalLong.of(field.getAsLong() & ~LOW_BITS) : field;
  }

  /** ImageFileName up to its NUL, one char a byte; empty if it could not be read. */
  Optional<String> imageName() {
    int start = layout.imageName();
    if (start + ProcessLayout.NAME_BYTES > known) {
      return Optional.empty();
    }
    int end = start;
    while (end < start + ProcessLayout.NAME_BYTES && bytes.get(end) != 0) {
      end++;
    }
    return Optional.of(new String(bytes.array(), start, end - start, StandardCharsets.ISO_8859_1));
  }
}
