package io.ramtide.acquirer.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import io.ramtide.acquirer.libvirt.connection.HypervisorException;
import io.ramtide.acquirer.live.MethodUnavailableException;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A hypervisor that is no QEMU: libvirt's own test driver, which needs no daemon. */
class OtherHypervisorTest {
  private final BlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>();
  private Hypervisor hypervisor;
  private LibvirtGuest guest;

  @BeforeAll
  static void requireLibvirt() {
    boolean installed = true;
    try {
      NativeLibrary.getInstance("virt");
    } catch (UnsatisfiedLinkError e) {
      installed = false;
    }
    assumeTrue(installed, "there is no libvirt.so on this host (package libvirt0)");
  }

  @BeforeEach
  void connect() throws IOException {
    hypervisor = Hypervisor.connect("test:///default", events::add);
    guest = hypervisor.guests().get(0);
  }

  @AfterEach
  void close() {
    hypervisor.close();
  }

  @Test
  void guests_areFoundAndNamed() throws IOException {
    assertThat(hypervisor.guests()).hasSize(1);
    assertThat(guest.name()).isEqualTo("test");
    assertThat(hypervisor.find(guest.uuid()).orElseThrow().run()).isEqualTo(guest.run());
    assertThat(hypervisor.find(UUID.randomUUID())).isEmpty();
    assertThat(hypervisor.facts().type()).isEqualTo("TEST");
    assertThat(hypervisor.isAlive()).isTrue();
    assertThat(guest.facts().hypervisor()).isEqualTo("TEST");
    assertThat(guest.facts().process()).isEmpty();
  }

  @Test
  void whatItDoesNotOffer_isSaidPlainly() {
    requireUnavailable(guest::monitor);
    requireUnavailable(guest::layout);
    requireUnavailable(guest::pid);
  }

  private static void requireUnavailable(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(MethodUnavailableException.class)
        .hasMessageContaining("guest test")
        .hasMessageContaining("TEST");
  }

  @Test
  void pausesOfOurs_areToldAsOurs() throws Exception {
    guest.suspend();
    assertThat(guest.isPaused()).isTrue();
    assertThat(events.poll(30, TimeUnit.SECONDS))
        .isEqualTo(new GuestEvent.Suspended(guest.uuid(), "test", true));
    guest.resume();
    assertThat(guest.isPaused()).isFalse();
    assertThat(events.poll(30, TimeUnit.SECONDS))
        .isEqualTo(new GuestEvent.Resumed(guest.uuid(), "test", true));
  }

  @Test
  void closedConnection_refusesWithTheUri() {
    hypervisor.close();
    assertThatThrownBy(guest::isPaused)
        .isInstanceOf(HypervisorException.class)
        .hasMessage("the connection to libvirt at test:///default is closed");
  }

  @Test
  void daemonThatIsNotThere_isNamedWithItsSocket() {
    String uri = "qemu+unix:///system?socket=/nonexistent/libvirt-sock";
    assertThatThrownBy(() -> Hypervisor.connect(uri))
        .isInstanceOf(HypervisorException.class)
        .hasMessageContaining("nothing answers for libvirt at " + uri)
        .hasMessageContaining("/nonexistent/libvirt-sock")
        .hasMessageContaining("systemctl start libvirtd");
  }

  @Test
  void uriThatIsNone_isRefused() {
    for (String uri : new String[] {"nonsense:///system", "qemu", "", " ", "%"}) {
      assertThatThrownBy(() -> Hypervisor.connect(uri))
          .as(uri)
          .isInstanceOf(HypervisorException.class)
          .hasMessageContaining("qemu:///system");
    }
  }
}
