package io.ramtide.acquirer.agent.budget;

/**
 * So much a second, with one second's worth saved up at most. What was taken beyond that is a debt,
 * and the answer is how long it takes to pay it off: nothing is refused. Not thread-safe.
 */
final class TokenBucket {
  private static final double SECOND = 1e9;

  private final double perSecond;
  private double balance;
  private long lastNanos;

  /**
   * @param nowNanos of System.nanoTime, as in every later call
   */
  TokenBucket(double perSecond, long nowNanos) {
    this.perSecond = perSecond;
    balance = perSecond;
    lastNanos = nowNanos;
  }

  /**
   * Takes an amount that was spent, or will be at once.
   *
   * @return nanoseconds to wait before any more is spent
   */
  long take(double amount, long nowNanos) {
    double earned = perSecond * (nowNanos - lastNanos) / SECOND;
    balance = Math.min(perSecond, balance + earned) - amount;
    lastNanos = nowNanos;
    return balance >= 0 ? 0 : (long) (-balance / perSecond * SECOND);
  }
}
