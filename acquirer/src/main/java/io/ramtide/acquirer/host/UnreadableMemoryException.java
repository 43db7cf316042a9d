package io.ramtide.acquirer.host;

import java.io.IOException;

/**
 * A page of a process cannot be read although the process is there: nothing is mapped, or it is
 * broken.
 */
public final class UnreadableMemoryException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long address;

  UnreadableMemoryException(long pid, long address, Throwable cause) {
    super(
        ("process %d: the page at 0x%x cannot be read: nothing is mapped there, its file is too"
                + " short, or the host's memory is broken")
            .formatted(pid, address),
        cause);
    this.address = address;
  }

  /** Host-virtual address of the first byte that could not be read. */
  public long address() {
    return address;
  }
}
