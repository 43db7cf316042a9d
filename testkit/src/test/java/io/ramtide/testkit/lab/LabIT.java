package io.ramtide.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.ram.RamRange;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LabIT {

  private static Lab lab;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(Lab.whyNot().isEmpty(), () -> "no lab: " + Lab.whyNot().orElseThrow());
    lab = Lab.start();
  }

  @AfterAll
  static void end() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void programOfAGuest_writesUntilItIsHeld() throws IOException {
    try (LabGuest guest = lab.guest("harness-held").start()) {
      assertThat(guest.ram().ranges())
          .containsExactly(new RamRange(0, 0xa0000), new RamRange(0x100000, 0x3f00000));
      long before = guest.counter();
      Waiting.until("it counts", () -> guest.counter() > before);

      guest.hold();
      byte[] held = guest.ram().read(0, 64 << 20);
      guest.cr3(0x187000);
      Waiting.until("it has the root", () -> guest.hmp("info registers").contains("CR3=00187000"));
      guest.cr3(0);
      assertThat(guest.ram().read(0, 64 << 20)).isEqualTo(held);
      assertThat(guest.ram().read(GuestProgram.RING + 5 * 4096 + 64, 4))
          .isEqualTo(guest.ram().read(GuestProgram.COUNTER, 4));

      long stopped = guest.counter();
      guest.run();
      Waiting.until("it counts", () -> guest.counter() > stopped);
    }
  }

  @Test
  void guestOfEachBacking_hasTheRangesOfItsMachine() throws IOException {
    try (LabGuest guest =
        lab.guest("harness-big").memoryMib(5120).backing(Backing.ANONYMOUS).start()) {
      assertThat(guest.ram().ranges())
          .isEqualTo(ranges(0xc0000000L, new RamRange(1L << 32, 0x80000000L)));
    }
    try (LabGuest guest =
        lab.guest("harness-q35")
            .machine("q35")
            .memoryMib(3072)
            .numaNodes(2)
            .hotplugSlots(2)
            .backing(Backing.FILE)
            .start()) {
      assertThat(guest.ram().ranges())
          .isEqualTo(ranges(0x80000000L, new RamRange(1L << 32, 0x40000000L)));

      guest.plugDimm(128);

      assertThat(guest.ram().ranges()) // the DIMM follows directly
          .isEqualTo(ranges(0x80000000L, new RamRange(1L << 32, 0x48000000L)));
      long last = 0x148000000L - 4;
      guest.ram().write(last, new byte[] {1, 2, 3, 4});
      assertThat(guest.ram().read(last, 4)).containsExactly(1, 2, 3, 4);
      assertThat(guest.hmp("xp /4xb 0x%x".formatted(last))).contains("0x01 0x02 0x03 0x04");
    }
  }

  private static List<RamRange> ranges(long below, RamRange above) {
    return List.of(new RamRange(0, 0xa0000), new RamRange(0x100000, below - 0x100000), above);
  }

  @Test
  void guestThatIsReset_runsItsProgramAgain() throws IOException {
    try (LabGuest guest = lab.guest("harness-reset").start()) {
      long pid = guest.pid();
      guest.hurry();
      Waiting.until("it counts", () -> guest.counter() > 100_000);

      guest.reboot();

      assertThat(guest.counter()).isLessThan(100_000);
      assertThat(guest.pid()).isEqualTo(pid);
    }
  }

  @Test
  void windowsInAGuest_isTheSimulatedOne_whileTheProgramRuns() throws IOException {
    try (LabGuest guest = lab.guest("harness-windows").backing(Backing.ANONYMOUS).start()) {
      SimulatedGuest windows = SimulatedGuest.windows7(5).ram(guest.ram().ranges()).boot();
      WindowsInGuest live = WindowsInGuest.install(guest, windows);
      requireSame(guest, windows);

      long counter = guest.counter();
      int pid = windows.start("calc.exe", 4);
      windows.advance(Duration.ofSeconds(3));
      windows.exit(pid);
      windows.free(pid);
      live.catchUp();
      requireSame(guest, windows);
      Waiting.until("it counts", () -> guest.counter() > counter);
    }
  }

  private static void requireSame(LabGuest guest, SimulatedGuest windows) throws IOException {
    for (RamRange range : guest.ram().ranges()) {
      byte[] is = guest.ram().read(range.start(), (int) range.length());
      byte[] shall = windows.snapshot().read(range.start(), (int) range.length());
      for (long gpa = GuestProgram.START; range.contains(gpa) && gpa < GuestProgram.END; gpa++) {
        shall[(int) (gpa - range.start())] = is[(int) (gpa - range.start())];
      }
      assertThat(Arrays.mismatch(is, shall)).isEqualTo(-1);
    }
  }

  @Test
  void guest_outlivesLibvirtd() throws IOException {
    try (LabGuest guest = lab.guest("harness-outlives").start()) {
      lab.restartLibvirtd();
      assertThat(lab.virsh("list", "--name")).contains("harness-outlives");
      lab.killLibvirtd();
      long before = guest.counter();
      Waiting.until("it counts", () -> guest.counter() > before);
      lab.startLibvirtd();
      assertThat(lab.virsh("list", "--name")).contains("harness-outlives");
    }
  }
}
