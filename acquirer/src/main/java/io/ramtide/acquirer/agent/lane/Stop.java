package io.ramtide.acquirer.agent.lane;

/** How the agent's threads learn that it ends: first in order, then at once. */
public final class Stop {
  private volatile boolean stopping;
  private volatile boolean aborting;

  /** A capture in hand was given up, because the agent ends. */
  static final class AbortedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AbortedException() {
      super("the acquirer ends");
    }
  }

  public void begin() {
    stopping = true;
  }

  /** What is in hand is given up too. */
  public void abort() {
    stopping = true;
    aborting = true;
  }

  public boolean isStopping() {
    return stopping;
  }

  /** Throws if what is in hand must be given up. */
  void check() {
    if (aborting) {
      throw new AbortedException();
    }
  }
}
