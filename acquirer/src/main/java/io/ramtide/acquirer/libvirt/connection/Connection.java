package io.ramtide.acquirer.libvirt.connection;

import java.util.concurrent.TimeUnit;
import org.libvirt.Connect;
import org.libvirt.LibvirtException;
import org.libvirt.jna.ConnectionPointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libvirt-java's connection with its native pointer, which is not freed under a call of another
 * thread: after close no call begins, and the last one out frees it.
 */
public final class Connection extends Connect {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final long CLOSE_MILLIS = TimeUnit.SECONDS.toMillis(5);

  /** libvirtd counts as hung after count + 1 intervals without a word. */
  private static final int KEEPALIVE_SECONDS = 5;

  private static final int KEEPALIVE_COUNT = 3;

  private Runnable first = () -> {};
  private int calls;
  private boolean closing;

  private Connection(String uri) throws LibvirtException {
    super(uri);
  }

  public static Connection open(String uri) throws HypervisorException {
    try {
      EventLoop.start();
      Connection connection = new Connection(uri);
      try {
        connection.setKeepAlive(KEEPALIVE_SECONDS, KEEPALIVE_COUNT);
      } catch (LibvirtException e) {
        LOG.debug("no keepalive: {}", e.getMessage());
      }
      return connection;
    } catch (LibvirtException e) {
      throw Errors.connecting(uri, e);
    }
  }

  public ConnectionPointer pointer() {
    return vcp;
  }

  /** Each true is followed by one leave. */
  public synchronized boolean enter() {
    if (closing) {
      return false;
    }
    calls++;
    return true;
  }

  public void leave() {
    boolean last;
    synchronized (this) {
      last = --calls == 0 && closing;
    }
    if (last) {
      free();
    }
  }

  /** What is done before libvirt's connection is closed. */
  public synchronized void beforeClose(Runnable task) {
    first = task;
  }

  /** Waits for libvirt a few seconds at most. */
  public void end() {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
      if (calls > 0) {
        return;
      }
    }
    free();
  }

  /** On a thread of its own, as closing asks libvirtd, which may hang. */
  private void free() {
    Thread thread =
        new Thread(
            () -> {
              first.run();
              try {
                int references = close();
                LOG.debug("closed, {} references left", references);
              } catch (LibvirtException e) {
                LOG.debug("closing failed", e);
              }
            },
            "libvirt-close");
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
