package io.ramtide.acquirer;

/** How a domain's RAM stays reconstructable from the topics as old captures are deleted. */
public sealed interface KeyframePolicy {
  /** A complete capture every so many captures, deltas between: cheap, with bursts. */
  record Every(int captures) implements KeyframePolicy {
    public Every {
      requirePositive(captures);
    }
  }

  /**
   * Only the first capture is complete; each later one carries, besides what changed, the next
   * share of RAM, so that any so many captures in a row give all of it: no bursts.
   */
  record Rolling(int captures) implements KeyframePolicy {
    public Rolling {
      requirePositive(captures);
    }
  }

  private static void requirePositive(int captures) {
    if (captures < 1) {
      throw new IllegalArgumentException("a keyframe every " + captures + " captures");
    }
  }
}
