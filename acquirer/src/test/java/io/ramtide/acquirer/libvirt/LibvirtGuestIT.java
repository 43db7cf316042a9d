package io.ramtide.acquirer.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.acquirer.libvirt.connection.HypervisorException;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.qemu.MonitorException;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each call of a guest, against a real one. */
class LibvirtGuestIT {
  private static final int MIB = 1 << 20;

  private static Lab lab;
  private static LabGuest real;
  private static Hypervisor hypervisor;
  private static LibvirtGuest guest;

  @BeforeAll
  static void start() throws IOException {
    Optional<String> whyNot = Lab.whyNot();
    assumeTrue(whyNot.isEmpty(), () -> whyNot.get());
    lab = Lab.start();
    real = lab.guest("virt-guest").machine("q35").start();
    hypervisor = Hypervisor.connect(lab.uri());
    guest = hypervisor.find(real.uuid()).orElseThrow();
  }

  @AfterAll
  static void end() {
    if (hypervisor != null) {
      hypervisor.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void guest_isNamedAndFoundAsAProcess() throws Exception {
    assertThat(guest.name()).isEqualTo("virt-guest");
    assertThat(guest.uuid()).isEqualTo(real.uuid());
    assertThat(guest.pid()).isEqualTo(real.pid());
    assertThat(guest.run())
        .startsWith(lab.virsh("domid", "virt-guest") + "/" + real.pid() + "/")
        .isEqualTo(hypervisor.find(real.uuid()).orElseThrow().run());
  }

  @Test
  void layoutAndFacts_areQemus() throws Exception {
    assertThat(guest.layout().ram()).containsExactly(new MemoryRange(0, 64L * MIB));
    MachineFacts facts = guest.facts();
    assertThat(facts.hypervisorVersion().orElseThrow())
        .startsWith(hypervisor.facts().version().orElseThrow());
    assertThat(facts.libvirtVersion()).contains(hypervisor.facts().libvirtVersion());
    assertThat(facts.machineType().orElseThrow()).startsWith("pc-q35-");
    assertThat(facts.accelerator()).contains("tcg");
    assertThat(facts.process()).isEqualTo(OptionalLong.of(real.pid()));
    assertThat(facts.processors()).isEqualTo(OptionalInt.of(1));
    assertThat(facts.balloonBytes()).isEqualTo(OptionalLong.of(64L * MIB));
    assertThat(facts.runningSinceMicros().orElseThrow())
        .isBetween(
            (System.currentTimeMillis() - 3_600_000) * 1000, System.currentTimeMillis() * 1000);
  }

  @Test
  void monitor_answersOrRaises() throws Exception {
    Monitor monitor = guest.monitor();
    assertThat(monitor.execute("query-status", Map.of()).path("running").isBoolean()).isTrue();
    assertThat(monitor.execute("qom-get", Map.of("path", "/machine", "property", "type")).asText())
        .startsWith("pc-q35-");
    assertThat(monitor.human("info version")).endsWith("\n").doesNotContain("\r");
    assertThatThrownBy(() -> monitor.execute("no-such-thing", Map.of()))
        .isInstanceOf(MonitorException.class)
        .hasMessageContaining("refuses no-such-thing")
        .hasMessageContaining("virt-guest")
        .hasMessageContaining("has not been found");
  }

  @Test
  void suspendedGuest_isPausedUntilResumed() throws Exception {
    guest.suspend();
    assertThat(guest.isPaused()).isTrue();
    assertThat(lab.virsh("domstate", "virt-guest")).isEqualTo("paused");
    guest.resume();
    assertThat(guest.isPaused()).isFalse();
    assertThatThrownBy(guest::resume)
        .isInstanceOf(HypervisorException.class)
        .hasMessageContaining("cannot resume guest virt-guest")
        .hasMessageContaining("already running");
  }

  @Test
  void peekedMemory_isTheGuests() throws Exception {
    real.hold();
    try {
      int length = 9 * MIB + 4321;
      byte[] truth = real.ram().read(MIB + 7, length);
      ByteBuffer heap = ByteBuffer.allocate(length + 10).position(10);
      guest.peek(MIB + 7, heap);
      assertThat(heap.hasRemaining()).isFalse();
      assertThat(heap.slice(10, length)).isEqualTo(ByteBuffer.wrap(truth));
      ByteBuffer direct = ByteBuffer.allocateDirect(length);
      guest.peek(MIB + 7, direct);
      assertThat(direct.flip()).isEqualTo(ByteBuffer.wrap(truth));
    } finally {
      real.run();
    }
  }

  @Test
  void dump_isAnElfCoreThatHoldsTheRam() throws Exception {
    real.ram().write(48L * MIB, "dumped by libvirt".getBytes(StandardCharsets.UTF_8));
    Path file = lab.folder().resolve("a dump.core");
    guest.dumpCore(file);
    byte[] dump = Files.readAllBytes(file);
    assertThat(dump).startsWith(0x7f, 'E', 'L', 'F').hasSizeGreaterThan(64 * MIB);
    assertThat(new String(dump, StandardCharsets.ISO_8859_1)).contains("dumped by libvirt");
    assertThat(guest.isPaused()).isFalse();
  }

  @Test
  void snapshot_isASaveFileOfTheMemoryAlone() throws Exception {
    String disks = lab.virsh("domblklist", "virt-guest");
    Path file = lab.folder().resolve("it's a <snapshot> & more.mem");
    guest.snapshotMemory(file);
    byte[] magic = new byte[16];
    try (var in = Files.newInputStream(file)) {
      in.readNBytes(magic, 0, 16);
    }
    assertThat(new String(magic, StandardCharsets.US_ASCII)).isEqualTo("LibvirtQemudSave");
    assertThat(lab.virsh("domblklist", "virt-guest")).isEqualTo(disks);
    assertThat(lab.virsh("snapshot-list", "virt-guest", "--name")).isEmpty();
    assertThat(guest.isPaused()).isFalse();
  }

  @Test
  void fileThatCannotBeWritten_isNamed() {
    Path file = lab.folder().resolve("no such folder/dump.core");
    assertThatThrownBy(() -> guest.dumpCore(file))
        .isInstanceOf(HypervisorException.class)
        .hasMessageContaining("cannot dump to " + file)
        .hasMessageContaining("guest virt-guest")
        .hasMessageContaining("No such file or directory");
    assertThatThrownBy(() -> guest.snapshotMemory(file))
        .isInstanceOf(HypervisorException.class)
        .hasMessageContaining("cannot snapshot to " + file);
  }

  @Test
  void restartedGuest_isAnotherRun() throws Exception {
    LibvirtGuest before;
    LabGuest first = lab.guest("virt-again").memoryMib(32).start();
    before = hypervisor.find(first.uuid()).orElseThrow();
    String run = before.run();
    first.destroy();
    try (LabGuest second = lab.guest("virt-again").uuid(first.uuid()).memoryMib(32).start()) {
      LibvirtGuest after = hypervisor.find(second.uuid()).orElseThrow();
      assertThat(after.run()).isNotEqualTo(run);
      assertThat(before.run()).isEqualTo(run);
      assertThat(after.pid()).isEqualTo(second.pid());
      for (Call call : callsOf(before)) {
        assertThatThrownBy(call::make)
            .isInstanceOf(GuestGoneException.class)
            .hasMessageContaining("virt-again");
      }
      assertThatThrownBy(() -> before.monitor().human("info status"))
          .hasCauseInstanceOf(GuestGoneException.class);
      assertThat(after.isPaused()).isFalse();
    }
  }

  private interface Call {
    void make() throws IOException;
  }

  private static List<Call> callsOf(LibvirtGuest guest) {
    Path file = lab.folder().resolve("never");
    return List.of(
        guest::pid,
        guest::layout,
        guest::facts,
        guest::isPaused,
        guest::suspend,
        guest::resume,
        () -> guest.peek(0, ByteBuffer.allocate(1)),
        () -> guest.dumpCore(file),
        () -> guest.snapshotMemory(file));
  }
}
