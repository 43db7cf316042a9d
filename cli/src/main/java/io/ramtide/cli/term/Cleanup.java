package io.ramtide.cli.term;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What must be closed in order, last opened first, when a command ends, and also when a signal ends
 * it.
 */
public final class Cleanup implements AutoCloseable {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Thread hook = new Thread(this::closeAll, "ramtide-shutdown");
  private boolean closed;

  public Cleanup() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Adds something to close; at once if the end has come already. */
  public <T extends AutoCloseable> T add(T closeable) {
    synchronized (open) {
      if (!closed) {
        open.push(closeable);
        return closeable;
      }
    }
    close(closeable);
    throw new IllegalStateException("shutting down");
  }

  /** Whether a signal or the end of the command has begun to close things. */
  public boolean isClosed() {
    synchronized (open) {
      return closed;
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // A signal ends the JVM: the hook closes, and this thread waits for it.
    }
    closeAll();
  }

  private void closeAll() {
    synchronized (open) {
      closed = true;
    }
    synchronized (hook) {
      for (AutoCloseable next = pop(); next != null; next = pop()) {
        close(next);
      }
    }
  }

  private AutoCloseable pop() {
    synchronized (open) {
      return open.poll();
    }
  }

  private static void close(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      System.err.println("ramtide: while ending: " + Printable.of(Failure.reason(e)));
    }
  }
}
