package io.ramtide.acquirer.agent.lane;

import io.ramtide.acquirer.Progress;
import io.ramtide.acquirer.agent.budget.Budget;
import java.util.concurrent.TimeUnit;

/** Keeps one capture to the budget, and ends it when the agent must end. */
final class CaptureProgress implements Progress {
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Budget budget;
  private final Stop stop;
  private final Runnable alive;
  private final boolean mayWait;
  private long sendingDebt;

  /**
   * @param alive is told at each step
   * @param mayWait false while the guest stands still for this capture: it must not stand longer
   */
  CaptureProgress(Budget budget, Stop stop, Runnable alive, boolean mayWait) {
    this.budget = budget;
    this.stop = stop;
    this.alive = alive;
    this.mayWait = mayWait;
  }

  /** To be called before the capture: what is owed is waited for, whatever the method. */
  void waitFirst() {
    await(budget.owedForCpu());
  }

  @Override
  public void at(long doneBytes, long totalBytes) {
    alive.run();
    stop.check();
    if (mayWait) {
      await(budget.owedForCpu());
    }
  }

  @Override
  public void sending(int bytes) {
    long owed = budget.owedForSending(bytes);
    if (mayWait) {
      await(owed);
    } else {
      sendingDebt = owed;
    }
  }

  /** To be called when the source is closed: what could not be waited for before. */
  void waitLast() {
    await(sendingDebt);
  }

  private void await(long owed) {
    long until = System.nanoTime() + owed;
    for (long left = owed; left > 0; left = until - System.nanoTime()) {
      stop.check();
      alive.run();
      try {
        TimeUnit.NANOSECONDS.sleep(Math.min(left, SLICE_NANOS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Stop.AbortedException();
      }
    }
    if (owed > 0) {
      budget.waited(owed);
    }
  }
}
