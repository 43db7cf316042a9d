package io.ramtide.acquirer.pages;

/**
 * Consecutive frames of RAM, by their ordinal in RAM without its holes.
 *
 * @param end exclusive
 */
public record FrameSpan(long first, long end) {
  public static final FrameSpan NONE = new FrameSpan(0, 0);

  public long frames() {
    return end - first;
  }

  boolean contains(long ordinal) {
    return ordinal >= first && ordinal < end;
  }

  /** The next ordinal after this one where the span begins or ends. */
  long boundaryAfter(long ordinal) {
    return ordinal < first ? first : ordinal < end ? end : Long.MAX_VALUE;
  }
}
