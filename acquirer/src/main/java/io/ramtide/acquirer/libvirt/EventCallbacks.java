package io.ramtide.acquirer.libvirt;

import static io.ramtide.acquirer.libvirt.connection.LibvirtCalls.LIBVIRT;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import io.ramtide.acquirer.libvirt.connection.Connection;
import io.ramtide.acquirer.libvirt.connection.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.libvirt.jna.ConnectionPointer;
import org.libvirt.jna.DomainPointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What libvirt calls when something happens. The callbacks are the JVM's for good, and find their
 * connection by a number: libvirt may call late, and must find neither freed memory nor a listener.
 */
final class EventCallbacks {
  private static final Logger LOG = LoggerFactory.getLogger(EventCallbacks.class);
  private static final Map<Long, GuestEvents> OPEN = new ConcurrentHashMap<>();
  private static final AtomicLong NUMBERS = new AtomicLong();

  private static final Lifecycle LIFECYCLE =
      (connection, domain, event, detail, number) -> {
        tell(number, events -> events.lifecycle(domain, event, detail));
        return 0;
      };
  private static final Reboot REBOOT =
      (connection, domain, number) -> tell(number, events -> events.rebooted(domain));
  private static final Balloon BALLOON =
      (connection, domain, kib, number) -> tell(number, events -> events.balloon(domain, kib));
  private static final Device REMOVED =
      (connection, domain, alias, number) -> tell(number, events -> events.removed(domain, alias));
  private static final Device ADDED =
      (connection, domain, alias, number) -> tell(number, events -> events.added(domain, alias));
  private static final Closed CLOSED =
      (connection, reason, number) -> tell(number, events -> events.lost(reason));

  /** By virDomainEventID. */
  private static final Map<Integer, Callback> BY_ID =
      Map.of(0, LIFECYCLE, 1, REBOOT, 13, BALLOON, 15, REMOVED, 19, ADDED);

  private EventCallbacks() {}

  /** Registers for what the hypervisor's driver can tell, until the connection ends. */
  static void register(Connection connection, GuestEvents events) {
    long number = NUMBERS.incrementAndGet();
    OPEN.put(number, events);
    ConnectionPointer pointer = connection.pointer();
    Pointer opaque = new Pointer(number);
    boolean closes = LIBVIRT.virConnectRegisterCloseCallback(pointer, CLOSED, opaque, null) == 0;
    List<Integer> registrations = new ArrayList<>();
    BY_ID.forEach(
        (id, callback) -> {
          int registration =
              LIBVIRT.virConnectDomainEventRegisterAny(pointer, null, id, callback, opaque, null);
          if (registration >= 0) {
            registrations.add(registration);
          } else {
            LOG.debug("libvirt does not tell event {}: {}", id, Errors.text(Errors.last()));
          }
        });
    // Each of them holds the connection open.
    connection.beforeClose(
        () -> {
          OPEN.remove(number);
          registrations.forEach(r -> LIBVIRT.virConnectDomainEventDeregisterAny(pointer, r));
          if (closes) {
            LIBVIRT.virConnectUnregisterCloseCallback(pointer, CLOSED);
          }
        });
  }

  private static void tell(Pointer number, Consumer<GuestEvents> event) {
    GuestEvents events = OPEN.get(Pointer.nativeValue(number));
    if (events != null) {
      try {
        event.accept(events);
      } catch (RuntimeException e) {
        LOG.error("a listener of libvirt's events failed", e);
      }
    }
  }

  interface Lifecycle extends Callback {
    int call(
        ConnectionPointer connection, DomainPointer domain, int event, int detail, Pointer number);
  }

  interface Reboot extends Callback {
    void call(ConnectionPointer connection, DomainPointer domain, Pointer number);
  }

  interface Balloon extends Callback {
    void call(ConnectionPointer connection, DomainPointer domain, long kib, Pointer number);
  }

  interface Device extends Callback {
    void call(ConnectionPointer connection, DomainPointer domain, String alias, Pointer number);
  }

  interface Closed extends Callback {
    void call(ConnectionPointer connection, int reason, Pointer number);
  }
}
