package io.ramtide.acquirer.libvirt.connection;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.libvirt.Library;
import org.libvirt.LibvirtException;
import org.libvirt.jna.Libvirt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libvirt's event loop, one a process, on a daemon thread that never ends: libvirt cannot take it
 * back, and connections need it for events and keepalive until the last moment.
 */
final class EventLoop {
  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  /** Kept here, as libvirt keeps no more than its address. By default libvirt prints to stderr. */
  private static final Libvirt.VirErrorCallback ERRORS =
      (data, error) -> LOG.debug("libvirt: {} (code {})", error.message, error.code);

  private static boolean started;

  private EventLoop() {}

  /** Must have run before the first connection is opened. */
  static synchronized void start() throws LibvirtException {
    if (started) {
      return;
    }
    Libvirt.INSTANCE.virInitialize();
    Libvirt.INSTANCE.virSetErrorFunc(null, ERRORS);
    Library.initEventLoop();
    Thread thread = new Thread(EventLoop::run, "libvirt-events");
    thread.setDaemon(true);
    thread.start();
    started = true;
  }

  private static void run() {
    while (true) {
      try {
        Library.processEvent();
      } catch (LibvirtException | RuntimeException e) {
        LOG.warn("libvirt's event loop failed, and goes on", e);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      }
    }
  }
}
