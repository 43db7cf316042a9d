package io.ramtide.acquirer.source;

import java.nio.file.Path;
import java.util.UUID;

/** Opens dump files; the format is told by the content. */
public final class Dumps {
  private Dumps() {}

  /**
   * Opens a dump.
   *
   * @throws UnreadableDumpException if it cannot be read or is no dump, with what, where and what
   *     to do
   */
  public static MemorySource open(Path file) throws UnreadableDumpException {
    throw new UnsupportedOperationException();
  }

  /** A domain for a dump that nobody named one for: derived from the content of its RAM. */
  public static UUID domainOf(MemorySource source) throws UnreadableDumpException {
    throw new UnsupportedOperationException();
  }
}
