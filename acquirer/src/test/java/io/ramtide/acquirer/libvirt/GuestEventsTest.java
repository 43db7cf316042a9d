package io.ramtide.acquirer.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.PointerByReference;
import io.ramtide.acquirer.libvirt.connection.Connection;
import io.ramtide.acquirer.libvirt.connection.Domains;
import io.ramtide.acquirer.libvirt.connection.LibvirtCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.libvirt.jna.DomainPointer;

/** What a real guest does not do on demand; the domain is one of libvirt's test driver. */
class GuestEventsTest {
  private final List<GuestEvent> heard = new ArrayList<>();
  private final OwnPauses pauses = new OwnPauses(() -> 0);
  private final GuestEvents events = new GuestEvents(heard::add, pauses);
  private Connection connection;
  private DomainPointer domain;
  private UUID uuid;

  @BeforeEach
  void openDomain() throws IOException {
    boolean installed = true;
    try {
      NativeLibrary.getInstance("virt");
    } catch (UnsatisfiedLinkError e) {
      installed = false;
    }
    assumeTrue(installed, "there is no libvirt.so on this host (package libvirt0)");
    connection = Connection.open("test:///default");
    PointerByReference list = new PointerByReference();
    int count =
        LibvirtCalls.LIBVIRT.virConnectListAllDomains(
            connection.pointer(), list, LibvirtCalls.LIST_ACTIVE);
    assertThat(count).isEqualTo(1);
    domain = new DomainPointer(list.getValue().getPointer(0));
    uuid = Domains.uuid(domain);
  }

  @AfterEach
  void close() {
    if (connection != null) {
      LibvirtCalls.LIBVIRT.virDomainFree(domain);
      connection.end();
    }
  }

  @Test
  void balloon_isToldInBytes() {
    events.balloon(domain, 3 << 20);
    assertThat(heard).containsExactly(new GuestEvent.BalloonChanged(uuid, "test", 3L << 30));
  }

  @Test
  void unpluggedDevice_isTold() {
    events.removed(domain, "memdimm0");
    assertThat(heard).containsExactly(new GuestEvent.DeviceRemoved(uuid, "test", "memdimm0"));
  }

  @Test
  void stops_haveTheirReasons() {
    for (int detail = 0; detail < 7; detail++) {
      events.lifecycle(domain, 5, detail);
    }
    assertThat(heard)
        .extracting(event -> ((GuestEvent.Stopped) event).reason())
        .containsExactly(
            GuestEvent.Reason.SHUTDOWN,
            GuestEvent.Reason.DESTROYED,
            GuestEvent.Reason.CRASHED,
            GuestEvent.Reason.MIGRATED_AWAY,
            GuestEvent.Reason.SAVED,
            GuestEvent.Reason.FAILED,
            GuestEvent.Reason.OTHER);
  }

  @Test
  void sleepAndPanic_areSuspensionsOfItsOwn() {
    events.lifecycle(domain, 7, 0);
    events.lifecycle(domain, 2, 4);
    events.lifecycle(domain, 8, 0);
    assertThat(heard)
        .containsExactly(
            new GuestEvent.Suspended(uuid, "test", false),
            new GuestEvent.Resumed(uuid, "test", false),
            new GuestEvent.Suspended(uuid, "test", false));
  }

  @Test
  void definitionsAndPreparations_areNotTold() {
    events.lifecycle(domain, 0, 0);
    events.lifecycle(domain, 1, 0);
    events.lifecycle(domain, 6, 0);
    assertThat(heard).isEmpty();
  }
}
