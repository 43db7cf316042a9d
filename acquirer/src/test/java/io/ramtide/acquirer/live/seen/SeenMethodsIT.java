package io.ramtide.acquirer.live.seen;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.acquirer.libvirt.Hypervisor;
import io.ramtide.acquirer.live.CaptureMethod;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.Method;
import io.ramtide.acquirer.live.MethodOptions;
import io.ramtide.acquirer.live.choice.Methods;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.Ranges;
import io.ramtide.testkit.lab.Backing;
import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import io.ramtide.testkit.ram.RamRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Peek, dump and pmemsave of a real guest, through a real libvirt. */
class SeenMethodsIT {
  private static final int FRAME = MemorySource.FRAME_BYTES;
  private static final long GIB = 1 << 30;

  private static Lab lab;
  private static LabGuest running;
  private static Hypervisor hypervisor;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Lab.whyNot().isEmpty(), () -> "no lab: " + Lab.whyNot().orElseThrow());
    lab = Lab.start();
    running = lab.guest("layout-pc").memoryMib(64).hotplugSlots(1).start();
    running.plugDimm(128);
    hypervisor = Hypervisor.connect(lab.uri());
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

  private static LiveGuest guest(LabGuest guest) throws IOException {
    return hypervisor.guests().stream()
        .filter(each -> each.uuid().equals(guest.uuid()))
        .findFirst()
        .orElseThrow();
  }

  private CaptureMethod choose(LabGuest guest, Method method) throws IOException {
    MethodOptions options = new MethodOptions(folder, MethodOptions.DEFAULT_MAX_PAUSE);
    return Methods.choose(guest(guest), Optional.of(method), options);
  }

  @ParameterizedTest
  @EnumSource(names = {"PEEK", "DUMP", "PMEMSAVE"})
  void guest_that_stands_still_is_read_to_the_byte_below_and_above_4_gib(Method name)
      throws Exception {
    byte[] mark = name.text().getBytes(US_ASCII);
    running.ram().write(4 * GIB + (100 << 20), mark);
    running.hold();
    try (CaptureMethod method = choose(running, name);
        MemorySource source = method.open()) {
      assertThat(source.ram())
          .containsExactly(new MemoryRange(0, 64 << 20), new MemoryRange(4 * GIB, 128 << 20));
      assertEqual(source, running);
      source.finish();
      assertThat(source.machine().orElseThrow().memoryDevices()).hasSize(1);
    } finally {
      running.run();
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  /** All that the truth knows is read, except for what is told as unreadable: the video window. */
  private static void assertEqual(MemorySource source, LabGuest guest) throws IOException {
    List<MemoryRange> known = new ArrayList<>();
    for (RamRange range : guest.ram().ranges()) {
      known.add(new MemoryRange(range.start(), range.length()));
    }
    assertThat(Ranges.intersection(source.unreadable(), known)).isEmpty();
    for (MemoryRange range : Ranges.intersection(source.ram(), known)) {
      for (long gpa = range.gpa(); gpa < range.end(); gpa += FRAME * 256L) {
        int bytes = (int) Math.min(FRAME * 256L, range.end() - gpa);
        byte[] read = new byte[bytes];
        MemoryRange part = new MemoryRange(gpa, bytes);
        for (MemoryRange data : source.data()) { // What is no data is zero.
          for (MemoryRange both : Ranges.intersection(List.of(data), List.of(part))) {
            int at = (int) (both.gpa() - gpa);
            source.read(both.gpa(), ByteBuffer.wrap(read, at, (int) both.length()));
          }
        }
        assertThat(Arrays.mismatch(read, guest.ram().read(gpa, bytes)))
            .as("at GPA 0x%x", gpa)
            .isEqualTo(-1);
      }
    }
  }

  @Test
  void anonymous_ram_of_a_q35_is_dumped_with_its_cr3() throws Exception {
    try (LabGuest guest =
        lab.guest("layout-q35").machine("q35").memoryMib(96).backing(Backing.ANONYMOUS).start()) {
      guest.hold();
      guest.cr3(0x187000);
      for (Method name : List.of(Method.PEEK, Method.DUMP, Method.PMEMSAVE)) {
        try (CaptureMethod method = choose(guest, name);
            MemorySource source = method.open()) {
          assertEqual(source, guest);
          assertThat(source.cr3s()).containsExactly(0x187000L);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PEEK", "PMEMSAVE"})
  void guest_that_is_destroyed_in_mid_capture_is_gone(Method name) throws Exception {
    try (LabGuest guest = lab.guest("layout-gone-" + name.text()).start();
        CaptureMethod method = choose(guest, name);
        MemorySource source = method.open()) {
      source.read(0, ByteBuffer.allocate(FRAME));
      guest.destroy();
      assertThatExceptionOfType(GuestGoneException.class)
          .isThrownBy(() -> source.read(0, ByteBuffer.allocate(FRAME)));
    }
  }

  @Test
  void guest_runs_on_after_a_dump_and_after_one_that_failed() throws Exception {
    try (CaptureMethod method = choose(running, Method.DUMP)) {
      try (MemorySource source = method.open()) {
        assertThat(source.pausedMicros()).isPresent();
      }
      assertThat(guest(running).isPaused()).isFalse();
      Path cut = folder.resolve("none").resolve("ram");
      assertThatIOException().isThrownBy(() -> guest(running).dumpCore(cut));
      assertThat(guest(running).isPaused()).isFalse();
    }
  }
}
