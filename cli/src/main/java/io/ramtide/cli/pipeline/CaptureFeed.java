package io.ramtide.cli.pipeline;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Makes captures on a thread of its own and hands on their numbers as they are finished. */
public final class CaptureFeed {
  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();

  private record Step(long capture, Failure failure) {}

  /** Makes captures. */
  @FunctionalInterface
  public interface Work {
    /** Makes all captures and hands each one's number on. */
    void run(Numbers numbers) throws Exception;
  }

  /** Hears of finished captures. */
  @FunctionalInterface
  public interface Numbers {
    void finished(long capture);
  }

  /** Starts the work. */
  public static CaptureFeed start(Work work) {
    CaptureFeed feed = new CaptureFeed();
    Thread thread = new Thread(() -> feed.run(work), "acquirer");
    thread.setDaemon(true);
    thread.start();
    return feed;
  }

  private void run(Work work) {
    try {
      work.run(capture -> steps.add(new Step(capture, null)));
    } catch (Failure e) {
      steps.add(new Step(0, e));
    } catch (Exception | Error e) {
      steps.add(
          new Step(
              0, new Failure(ExitCode.INTERNAL, "the acquirer stopped: " + Failure.reason(e), e)));
    }
  }

  /**
   * The next finished capture; waits for it.
   *
   * @param health called while waiting; throws a Failure to end the wait
   * @throws Failure if the capture could not be made
   */
  public long next(Runnable health) throws InterruptedException {
    while (true) {
      Step step = steps.poll(100, TimeUnit.MILLISECONDS);
      if (step == null) {
        health.run();
      } else if (step.failure() != null) {
        throw step.failure();
      } else {
        return step.capture();
      }
    }
  }
}
