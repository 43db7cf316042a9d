package io.ramtide.testkit.windows.user;

import io.ramtide.testkit.windows.section.Section;

/**
 * A region of a process.
 *
 * @param start VA of its first byte
 * @param pages its length
 * @param protection what was asked for
 * @param section what is mapped; null for private memory
 * @param commit commit charge in pages
 * @param mz whether it is private, executable and begins with MZ
 */
record Region(
    long start, int pages, Protection protection, Section section, int commit, boolean mz) {

  /** Page protections with their numbers in MMVAD_FLAGS.Protection. */
  enum Protection {
    PAGE_NOACCESS(0),
    PAGE_READONLY(1),
    PAGE_EXECUTE(2),
    PAGE_EXECUTE_READ(3),
    PAGE_READWRITE(4),
    PAGE_WRITECOPY(5),
    PAGE_EXECUTE_READWRITE(6),
    PAGE_EXECUTE_WRITECOPY(7);

    final int number;

    Protection(int number) {
      this.number = number;
    }
  }

  /** VA of its last byte. */
  long end() {
    return start + ((long) pages << 12) - 1;
  }
}
