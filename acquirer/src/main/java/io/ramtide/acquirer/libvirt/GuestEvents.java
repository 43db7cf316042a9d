package io.ramtide.acquirer.libvirt;

import static io.ramtide.acquirer.libvirt.connection.LibvirtCalls.LIBVIRT;

import io.ramtide.acquirer.libvirt.connection.Domains;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.libvirt.jna.DomainPointer;

/** What libvirt says happened on one connection, as {@link GuestEvent}s. */
final class GuestEvents {
  private final Consumer<GuestEvent> listener;
  private final OwnPauses pauses;

  GuestEvents(Consumer<GuestEvent> listener, OwnPauses pauses) {
    this.listener = listener;
    this.pauses = pauses;
  }

  /** By virDomainEventType and the type's own details. */
  void lifecycle(DomainPointer domain, int event, int detail) {
    switch (event) {
      case 2 -> {
        boolean wakeup = detail == 4;
        if (wakeup) {
          resumed(domain);
        } else {
          tell(domain, GuestEvent.Started::new);
        }
      }
      case 3, 7 -> suspended(domain); // by a call; by its own power management
      case 4 -> resumed(domain);
      case 5 -> stopped(domain, reason(detail));
      case 8 -> suspended(domain); // panicked: it stands until on_crash is carried out
      default -> {
        // defined, undefined, about to stop
      }
    }
  }

  void rebooted(DomainPointer domain) {
    tell(domain, GuestEvent.Rebooted::new);
  }

  void balloon(DomainPointer domain, long kib) {
    tell(domain, (uuid, name) -> new GuestEvent.BalloonChanged(uuid, name, kib << 10));
  }

  void removed(DomainPointer domain, String alias) {
    tell(domain, (uuid, name) -> new GuestEvent.DeviceRemoved(uuid, name, alias));
  }

  void added(DomainPointer domain, String alias) {
    tell(domain, (uuid, name) -> new GuestEvent.DeviceAdded(uuid, name, alias));
  }

  /** By virConnectCloseReason. */
  void lost(int reason) {
    listener.accept(
        new GuestEvent.ConnectionLost(
            switch (reason) {
              case 1 -> "libvirtd ended the connection";
              case 2 -> "libvirtd did not answer";
              case 3 -> "it was closed here";
              default -> "it broke";
            }));
  }

  private void suspended(DomainPointer domain) {
    tell(domain, (uuid, name) -> new GuestEvent.Suspended(uuid, name, pauses.suspended(uuid)));
  }

  private void resumed(DomainPointer domain) {
    tell(domain, (uuid, name) -> new GuestEvent.Resumed(uuid, name, pauses.resumed(uuid)));
  }

  private void stopped(DomainPointer domain, GuestEvent.Reason reason) {
    tell(
        domain,
        (uuid, name) -> {
          pauses.forget(uuid);
          return new GuestEvent.Stopped(uuid, name, reason);
        });
  }

  private static GuestEvent.Reason reason(int detail) {
    return switch (detail) {
      case 0 -> GuestEvent.Reason.SHUTDOWN;
      case 1 -> GuestEvent.Reason.DESTROYED;
      case 2 -> GuestEvent.Reason.CRASHED;
      case 3 -> GuestEvent.Reason.MIGRATED_AWAY;
      case 4 -> GuestEvent.Reason.SAVED;
      case 5 -> GuestEvent.Reason.FAILED;
      default -> GuestEvent.Reason.OTHER;
    };
  }

  private void tell(DomainPointer domain, BiFunction<UUID, String, GuestEvent> event) {
    listener.accept(event.apply(Domains.uuid(domain), LIBVIRT.virDomainGetName(domain)));
  }
}
