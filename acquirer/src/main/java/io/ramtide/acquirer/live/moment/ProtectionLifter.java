package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.host.HostProcess;
import io.ramtide.acquirer.host.ProcessGoneException;
import io.ramtide.acquirer.host.UserFaults;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the write protection off QEMU's memory, again and again until it is closed: QEMU may be
 * about to put it on, and while it is on QEMU may not answer.
 */
final class ProtectionLifter implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ProtectionLifter.class);
  private static final Duration EVERY = Duration.ofMillis(20);
  private static final Duration AFTERWARDS = Duration.ofMinutes(1);

  private final HostProcess process;
  private final Thread thread;
  private volatile boolean over;
  private volatile long last = Long.MAX_VALUE;

  private ProtectionLifter(HostProcess process) {
    this.process = process;
    thread = new Thread(this::lift, "lift-" + process.pid());
    thread.setDaemon(true);
  }

  static ProtectionLifter start(HostProcess process) {
    ProtectionLifter lifter = new ProtectionLifter(process);
    lifter.thread.start();
    return lifter;
  }

  private void lift() {
    try {
      while (!over && System.nanoTime() < last) {
        once();
        LockSupport.parkNanos(EVERY.toNanos());
      }
    } catch (ProcessGoneException e) {
      LOG.debug("process {} has ended", process.pid());
    } catch (IOException e) {
      LOG.error(
          "process {}: its memory may still be write protected: {}", process.pid(), e.toString());
    }
  }

  /** Goes on for a while by itself: nobody knows what QEMU is about to do. */
  void leave() {
    last = System.nanoTime() + AFTERWARDS.toNanos();
  }

  /** Takes it off now. */
  void once() throws IOException {
    UserFaults.lift(process);
  }

  @Override
  public void close() {
    end();
  }

  /** Ends its work; once more does nothing. */
  void end() {
    over = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
