package io.ramtide.acquirer.dump;

import io.ramtide.acquirer.source.SourceDescription;
import io.ramtide.schemas.Consistency;
import java.util.List;

/**
 * What a format's header says: where in the file which RAM lies.
 *
 * @param method as in {@link SourceDescription}
 * @param cr3s of the guest's processors, if the format holds them
 * @param warnings what is odd although the dump can be read
 */
record DumpContents(
    String method,
    Consistency consistency,
    List<Segment> segments,
    List<Long> cr3s,
    List<String> warnings) {

  /** No x86 processor addresses more than 52 bits of physical memory. */
  static final long MAX_GPA = 1L << 52;

  /** More than any guest has; a header that claims more is corrupt or hostile. */
  static final long MAX_RAM = 1L << 46;

  /** Each separate range costs a chunk and a place in the manifest, a record of at most 1 MiB. */
  static final int MAX_SEGMENTS = 1 << 16;

  /**
   * One piece of RAM.
   *
   * @param name how the format calls it, for messages
   * @param gpa of the first byte
   * @param memoryBytes of RAM; those behind the first {@code fileBytes} are zero
   * @param offset in the file
   * @param fileBytes in the file, at most {@code memoryBytes}; the file may end before them
   */
  record Segment(String name, long gpa, long memoryBytes, long offset, long fileBytes) {
    long end() {
      return gpa + memoryBytes;
    }

    long fileEnd() {
      return offset + fileBytes;
    }

    /** Where the bytes of an address lie relative to it: the same for segments that continue. */
    long delta() {
      return offset - gpa;
    }

    /** Whether the numbers, as read from a header, are those of a possible segment. */
    boolean isPossible() {
      return gpa >= 0
          && gpa < MAX_GPA
          && memoryBytes > 0
          && memoryBytes <= MAX_GPA - gpa
          && offset >= 0
          && fileBytes >= 0
          && fileBytes <= memoryBytes
          && offset + fileBytes >= 0;
    }

    @Override
    public String toString() {
      return "%s (GPA 0x%x to 0x%x, file offset 0x%x, 0x%x bytes in the file)"
          .formatted(name, gpa, gpa + memoryBytes, offset, fileBytes);
    }
  }
}
