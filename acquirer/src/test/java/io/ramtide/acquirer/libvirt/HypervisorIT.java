package io.ramtide.acquirer.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.acquirer.libvirt.connection.HypervisorException;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The connection and its events, against a real libvirtd. */
class HypervisorIT {
  private static Lab lab;

  private final BlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>();

  @BeforeAll
  static void startLab() throws IOException {
    Optional<String> whyNot = Lab.whyNot();
    assumeTrue(whyNot.isEmpty(), () -> whyNot.get());
    lab = Lab.start();
  }

  @AfterAll
  static void endLab() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void connection_tellsWhatItLeadsTo() throws Exception {
    try (Hypervisor hypervisor = Hypervisor.connect(lab.uri())) {
      HypervisorFacts facts = hypervisor.facts();
      assertThat(facts.type()).isEqualTo("QEMU");
      assertThat(lab.virsh("version"))
          .contains("Running hypervisor: QEMU " + facts.version().orElseThrow())
          .contains("Using library: libvirt " + facts.libvirtVersion());
      assertThat(facts.hostName()).isEqualTo(lab.virsh("hostname"));
      assertThat(lab.virsh("capabilities")).contains(facts.hostUuid().orElseThrow().toString());
      assertThat(hypervisor.isLocal()).isTrue();
      assertThat(hypervisor.isAlive()).isTrue();
      assertThat(hypervisor.uri()).isEqualTo(lab.uri());
    }
  }

  @Test
  void guestsLife_isTold() throws Exception {
    try (Hypervisor hypervisor = Hypervisor.connect(lab.uri(), events::add)) {
      assertThat(hypervisor.guests()).isEmpty();
      LabGuest started = lab.guest("virt-é").hotplugSlots(1).start();
      UUID uuid = started.uuid();
      awaitStart(uuid);
      LibvirtGuest guest = hypervisor.find(uuid).orElseThrow();
      assertThat(hypervisor.guests()).extracting(LibvirtGuest::name).containsExactly("virt-é");
      assertThat(hypervisor.find(UUID.randomUUID())).isEmpty();

      lab.virsh("suspend", "virt-é");
      assertThat(next(GuestEvent.Suspended.class).own()).isFalse();
      guest.resume();
      assertThat(next(GuestEvent.Resumed.class).own()).isTrue();
      guest.suspend();
      assertThat(next(GuestEvent.Suspended.class).own()).isTrue();
      lab.virsh("resume", "virt-é");
      assertThat(next(GuestEvent.Resumed.class).own()).isFalse();
      started.reboot();
      assertThat(next(GuestEvent.Rebooted.class))
          .isEqualTo(new GuestEvent.Rebooted(uuid, "virt-é"));
      started.plugDimm(128);
      GuestEvent event = events.poll(60, TimeUnit.SECONDS);
      while (event instanceof GuestEvent.Rebooted) {
        event = events.poll(60, TimeUnit.SECONDS);
      }
      assertThat(event).isEqualTo(new GuestEvent.DeviceAdded(uuid, "virt-é", "memdimm0"));
      started.destroy();
      assertThat(next(GuestEvent.Stopped.class))
          .isEqualTo(new GuestEvent.Stopped(uuid, "virt-é", GuestEvent.Reason.DESTROYED));
      assertThat(hypervisor.find(uuid)).isEmpty();
      assertThat(hypervisor.guests()).isEmpty();
      assertThatThrownBy(guest::isPaused).isInstanceOf(GuestGoneException.class);
    }
  }

  @Test
  void killedQemu_isAFailure() throws Exception {
    try (Hypervisor hypervisor = Hypervisor.connect(lab.uri(), events::add);
        LabGuest failing = lab.guest("virt-failing").memoryMib(32).start()) {
      LibvirtGuest guest = hypervisor.find(failing.uuid()).orElseThrow();
      awaitStart(failing.uuid());
      long pid = guest.pid();
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
      assertThat(next(GuestEvent.Stopped.class))
          .isEqualTo(
              new GuestEvent.Stopped(failing.uuid(), "virt-failing", GuestEvent.Reason.FAILED));
      assertThatThrownBy(guest::pid).isInstanceOf(GuestGoneException.class);
      assertThatThrownBy(guest::layout).isInstanceOf(GuestGoneException.class);
    }
  }

  @Test
  void killedLibvirtd_endsTheConnectionButNotTheRun() throws Exception {
    try (LabGuest running = lab.guest("virt-stays").memoryMib(32).start()) {
      Hypervisor lost = Hypervisor.connect(lab.uri(), events::add);
      LibvirtGuest guest = lost.find(running.uuid()).orElseThrow();
      String run = guest.run();
      lab.killLibvirtd();
      assertThat(next(GuestEvent.ConnectionLost.class).why()).isNotEmpty();
      assertThat(lost.isAlive()).isFalse();
      assertThatThrownBy(guest::isPaused)
          .isInstanceOf(HypervisorException.class)
          .hasMessageContaining(lab.uri())
          .hasMessageContaining("connect again");
      assertThatThrownBy(lost::guests).hasMessageContaining("is lost");
      assertThat(guest.run()).isEqualTo(run);
      assertThatThrownBy(() -> Hypervisor.connect(lab.uri()))
          .isInstanceOf(HypervisorException.class)
          .hasMessageContaining(lab.uri())
          .hasMessageContaining("libvirt-sock")
          .hasMessageContaining("systemctl start libvirtd");
      lost.close();
      lab.startLibvirtd();
      try (Hypervisor again = Hypervisor.connect(lab.uri())) {
        LibvirtGuest same = again.find(running.uuid()).orElseThrow();
        assertThat(same.run()).isEqualTo(run);
        assertThat(same.isPaused()).isFalse();
      }
    }
  }

  @Test
  void hungLibvirtd_doesNotHoldTheClosing() throws Exception {
    Hypervisor hypervisor = Hypervisor.connect(lab.uri());
    String libvirtd = Files.readString(lab.folder().resolve("libvirtd.pid")).strip();
    signal("-STOP", libvirtd);
    try {
      hypervisor.close();
      assertThatThrownBy(hypervisor::guests).hasMessageContaining("is closed");
    } finally {
      signal("-CONT", libvirtd);
    }
  }

  @Test
  void closedConnection_isSilentAndCanBeClosedAgain() throws Exception {
    Hypervisor hypervisor = Hypervisor.connect(lab.uri(), events::add);
    hypervisor.close();
    hypervisor.close();
    try (Hypervisor other = Hypervisor.connect(lab.uri());
        LabGuest guest = lab.guest("virt-unheard").memoryMib(32).start()) {
      assertThat(other.find(guest.uuid())).isPresent();
    }
    assertThat(hypervisor.isAlive()).isFalse();
    assertThat(events).isEmpty();
  }

  @Test
  void userWithoutPermission_isToldWhatToDo() throws Exception {
    assertThat(
            Child.connecting(
                lab.uri(),
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                // To read the classes, wherever they are; it does not open a socket.
                "--inh-caps=+dac_read_search",
                "--ambient-caps=+dac_read_search"))
        .containsExactly(
            "HypervisorException: no permission to manage libvirt at "
                + lab.uri()
                + ": Failed to connect socket to '"
                + lab.folder().resolve("sock/libvirt-sock")
                + "': Permission denied; run as root or as a member of group libvirt, or allow"
                + " org.libvirt.unix.manage in polkit");
  }

  @Test
  void missingLibrary_isToldWhatToInstall() throws Exception {
    List<String> hidden = new ArrayList<>();
    for (String folder : List.of("/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib")) {
      Path library = Path.of(folder, "libvirt.so.0");
      if (Files.exists(library)) {
        hidden.add("mount --bind /dev/null " + library.toRealPath());
      }
    }
    assertThat(
            Child.connecting(
                "test:///default",
                "unshare",
                "--mount",
                "sh",
                "-c",
                String.join(" && ", hidden) + " && exec \"$@\"",
                "sh"))
        .singleElement()
        .asString()
        .startsWith("HypervisorException: cannot load libvirt's client library (libvirt.so.0")
        .endsWith("install it: apt install libvirt0, or dnf install libvirt-libs");
  }

  private static void signal(String signal, String pid) throws Exception {
    assertThat(new ProcessBuilder("kill", signal, pid).start().waitFor()).isZero();
  }

  /** QEMU starts a guest paused, so that a Resumed may come first. */
  private void awaitStart(UUID uuid) throws InterruptedException {
    GuestEvent event = events.poll(60, TimeUnit.SECONDS);
    if (event instanceof GuestEvent.Resumed) {
      event = events.poll(60, TimeUnit.SECONDS);
    }
    assertThat(event)
        .isInstanceOfSatisfying(
            GuestEvent.Started.class, started -> assertThat(started.uuid()).isEqualTo(uuid));
  }

  /** The next event, which must be of that type. */
  private <T extends GuestEvent> T next(Class<T> type) throws InterruptedException {
    GuestEvent event = events.poll(60, TimeUnit.SECONDS);
    assertThat(event).isInstanceOf(type);
    return type.cast(event);
  }
}
