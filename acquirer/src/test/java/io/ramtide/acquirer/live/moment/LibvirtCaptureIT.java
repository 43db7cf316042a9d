package io.ramtide.acquirer.live.moment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.acquirer.libvirt.Hypervisor;
import io.ramtide.acquirer.libvirt.LibvirtGuest;
import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.choice.Methods;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.schemas.Consistency;
import io.ramtide.testkit.lab.Backing;
import io.ramtide.testkit.lab.GuestProgram;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import io.ramtide.testkit.ram.RamRange;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Captures of a moment under libvirt, and what becomes of the guest when the capture is killed. */
class LibvirtCaptureIT {
  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final int MIB = 1 << 20;

  private static Lab lab;
  private static LabGuest truth;
  private static String settings;

  private Hypervisor hypervisor;
  private LibvirtGuest guest;
  private MethodOptions options;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Lab.whyNot().isEmpty(), () -> Lab.whyNot().orElse(""));
    lab = Lab.start();
    truth =
        lab.guest("snap-a")
            .machine("q35")
            .memoryMib(64)
            .backing(Backing.ANONYMOUS)
            .hotplugSlots(1)
            .start();
    truth.plugDimm(128);
    settings = migrationSettings();
    byte[] dimm = new byte[3 * MIB];
    Arrays.fill(dimm, (byte) 3);
    RamRange last = truth.ram().ranges().get(truth.ram().ranges().size() - 1);
    truth.ram().write(last.start() + 5 * MIB, dimm);
    truth.ram().write(20 * MIB, dimm);
  }

  @AfterAll
  static void end() {
    if (lab != null) {
      lab.close();
    }
  }

  @BeforeEach
  void connect() throws Exception {
    hypervisor = Hypervisor.connect(lab.uri());
    guest = hypervisor.find(truth.uuid()).orElseThrow();
    Path folder = Files.createTempDirectory(lab.folder(), "m");
    options = new MethodOptions(folder, Duration.ofMinutes(5));
  }

  @AfterEach
  void close() {
    if (hypervisor != null) {
      hypervisor.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PAUSED", "SNAPSHOT", "BACKGROUND_SNAPSHOT"})
  void writingGuest_isCapturedAsOfOneMoment(Method name) throws Exception {
    truth.hurry();
    long before = truth.counter();
    try (CaptureMethod method = Methods.choose(guest, Optional.of(name), options);
        MemorySource source = method.open()) {
      assertThat(source.description().consistency()).isEqualTo(Consistency.POINT_IN_TIME);
      assertThat(source.unreadable()).isEmpty();
      assertOneMoment(source, before, truth.counter());
      source.finish();
      assertThat(source.pausedMicros().orElseThrow()).isNotNegative();
    }
    assertUntouched();
  }

  @ParameterizedTest
  @EnumSource(names = {"PAUSED", "SNAPSHOT", "BACKGROUND_SNAPSHOT"})
  void idleGuest_isCapturedToTheByte(Method name) throws Exception {
    truth.hold();
    try (CaptureMethod method = Methods.choose(guest, Optional.of(name), options);
        MemorySource source = method.open()) {
      for (RamRange range : truth.ram().ranges()) {
        for (long at = range.start(); at < range.end(); at += MIB) {
          int length = (int) Math.min(MIB, range.end() - at);
          assertThat(Moment.read(source, at, length))
              .as("0x%x", at)
              .isEqualTo(truth.ram().read(at, length));
        }
      }
      source.finish();
    }
    truth.run();
    assertUntouched();
  }

  @ParameterizedTest
  @EnumSource(names = {"PAUSED", "BACKGROUND_SNAPSHOT"})
  void captureIsKilled_nextStartFreesTheGuest(Method name) throws Exception {
    truth.hurry();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                Killed.class.getName(),
                lab.uri(),
                truth.uuid().toString(),
                options.folder().toString(),
                name.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = process.inputReader()) {
      assertThat(said.lines().anyMatch(Killed.READY::equals)).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(guest.isPaused()).isEqualTo(name == Method.PAUSED);

    Optional<String> repaired =
        name == Method.PAUSED
            ? Paused.repair(guest, options)
            : BackgroundSnapshot.repair(guest, options);

    assertThat(repaired).isPresent();
    try (Stream<Path> files = Files.list(options.folder())) {
      assertThat(files).isEmpty();
    }
    assertRuns();
  }

  @Test
  void pausedGuest_isSnapshottedAndStaysPaused() throws Exception {
    truth.run();
    guest.suspend();
    try (CaptureMethod method = Methods.choose(guest, Optional.of(Method.SNAPSHOT), options);
        MemorySource source = method.open()) {
      assertThat(source.pausedMicros()).hasValue(0);
      assertThat(guest.isPaused()).isTrue();
    } finally {
      guest.resume();
    }
    assertUntouched();
  }

  /** The program counts, and then writes the count to one page of the ring after the other. */
  private static void assertOneMoment(MemorySource source, long from, long to) throws IOException {
    byte[] program =
        Moment.read(source, GuestProgram.START, (int) (GuestProgram.END - GuestProgram.START));
    ByteBuffer bytes = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    long counter = bytes.getLong((int) (GuestProgram.CONTROL - GuestProgram.START));
    assertThat(counter).isBetween(from, to);
    long expected = counter;
    for (int page = 0; page < GuestProgram.RING_PAGES; page++) {
      int at = (int) (GuestProgram.RING - GuestProgram.START) + page * FRAME + 64;
      long written = bytes.getInt(at) & 0xffffffffL;
      if (written == counter - 1) {
        expected = written;
      }
      assertThat(written).as("page %d of the ring", page).isEqualTo(expected);
    }
  }

  /** libvirt itself has switched on some capabilities. */
  private static String migrationSettings() throws IOException {
    return truth.qmp("{\"execute\":\"query-migrate-capabilities\"}")
        + truth.qmp("{\"execute\":\"query-migrate-parameters\"}");
  }

  private void assertUntouched() throws IOException {
    assertThat(lab.virsh("domjobinfo", truth.name())).contains("None");
    assertThat(migrationSettings()).isEqualTo(settings);
    assertThat(lab.virsh("snapshot-list", truth.name()).strip()).isEmpty();
    try (Stream<Path> left = Files.list(options.folder())) {
      assertThat(left).isEmpty();
    }
    assertRuns();
  }

  private static void assertRuns() throws IOException {
    assertThat(lab.virsh("domstate", truth.name()).strip()).isEqualTo("running");
    long counter = truth.counter();
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (truth.counter() == counter) {
      assertThat(System.nanoTime()).as("the guest runs").isLessThan(deadline);
    }
  }
}
