package io.ramtide.acquirer.live.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.ramtide.acquirer.live.QemuProcess;
import io.ramtide.acquirer.live.QemuProcess.Backing;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.GuestLayouts;
import io.ramtide.acquirer.qemu.QemuFacts;
import io.ramtide.acquirer.qemu.RamRegion;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.Ranges;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layouts of real machines, which hold next to nothing, against QEMU's reading by address. */
class GuestLayoutIT {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final byte[] MARK = {'r', 'a', 'm', 't', 'i', 'd', 'e', '!'};

  @TempDir Path folder;

  @BeforeAll
  static void requireQemu() {
    assumeTrue(Files.isExecutable(Path.of(QemuProcess.PROGRAM)), "there is no QEMU on this host");
  }

  @ParameterizedTest
  @CsvSource({
    "pc, ANONYMOUS, 3500, 1, 0xdac00000, 0",
    "pc, MEMFD, 5120, 1, 0xc0000000, 0x180000000",
    "q35, FILE, 2800, 1, 0xaf000000, 0",
    "q35, ANONYMOUS, 5120, 1, 0x80000000, 0x1c0000000",
    "q35, MEMFD, 5120, 2, 0x80000000, 0x1c0000000",
  })
  void ram_is_where_the_machine_has_it(
      String machine, Backing backing, int mib, int nodes, long low, long high) throws Exception {
    try (QemuProcess guest = QemuProcess.start(folder, machine, backing, mib, nodes)) {
      guest.stop();
      GuestLayout layout = GuestLayouts.of(guest);

      List<MemoryRange> expected = new ArrayList<>(List.of(new MemoryRange(0, low)));
      if (high > 0) {
        expected.add(Ranges.between(4 * GIB, high));
      }
      assertThat(layout.ram()).isEqualTo(expected);
      assertThat(layout.regions().stream().map(RamRegion::block).distinct()).hasSize(nodes);
      assertThat(Ranges.bytes(layout.ram())).isEqualTo(mib * MIB);
      assertAddresses(guest, layout);
      assertThat(Ranges.minus(GuestLayouts.hidden(guest, layout), legacy())).isEmpty();
    }
  }

  @Test
  void plugged_dimm_is_ram_from_then_on() throws Exception {
    try (QemuProcess guest = QemuProcess.start(folder, "pc", Backing.ANONYMOUS, 64, 1)) {
      GuestLayout before = GuestLayouts.of(guest);
      guest.plugDimm(Backing.MEMFD, 128);
      GuestLayout after = GuestLayouts.of(guest);

      assertThat(before.ram()).containsExactly(new MemoryRange(0, 64 * MIB));
      assertThat(after.ram())
          .containsExactly(new MemoryRange(0, 64 * MIB), new MemoryRange(4 * GIB, 128 * MIB));
      assertThat(after.regions().get(0)).isEqualTo(before.regions().get(0));
      assertAddresses(guest, after);
      MachineFacts machine =
          QemuFacts.of(guest, Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
      assertThat(machine.memoryDevices())
          .containsExactly(new MachineFacts.Dimm("dimm0", 4 * GIB, 128 * MIB));
      assertThat(machine.hypervisorVersion()).isPresent();
      assertThat(machine.machineType()).hasValueSatisfying(t -> assertThat(t).startsWith("pc-"));
      assertThat(machine.accelerator()).contains("tcg");
      assertThat(machine.processors()).hasValue(1);
      assertThat(machine.balloonBytes()).hasValue(192 * MIB);
    }
  }

  @Test
  void layout_does_not_follow_what_the_chipset_shows() throws Exception {
    try (QemuProcess guest = QemuProcess.start(folder, "q35", Backing.ANONYMOUS, 64, 1)) {
      GuestLayout booted = GuestLayouts.of(guest);
      assertThat(GuestLayouts.hidden(guest, booted)).isEmpty();

      // As the guest's kernel could: the register PAM0 of the host bridge, by its I/O ports.
      guest.human("o /w 0xcf8 0x80000090");
      guest.human("o /b 0xcfc 0");

      assertThat(GuestLayouts.hidden(guest, booted))
          .containsExactly(Ranges.between(0xf0000, 0x100000));
      assertThat(GuestLayouts.of(guest)).isEqualTo(booted);
    }
  }

  private static List<MemoryRange> legacy() {
    return List.of(Ranges.between(0xa0000, 0x100000));
  }

  /** Writes through QEMU's address space, and finds that by guest-physical address. */
  private static void assertAddresses(QemuProcess guest, GuestLayout layout) throws IOException {
    for (RamRegion region : layout.regions()) {
      long[] offsets = {0x200000, region.range().length() - MARK.length};
      for (long offset : offsets) {
        try (RandomAccessFile memory =
            new RandomAccessFile("/proc/" + guest.pid() + "/mem", "rw")) {
          memory.seek(region.hva().orElseThrow() + offset);
          memory.write(MARK);
        }
        assertThat(guest.truth(region.range().gpa() + offset, MARK.length)).isEqualTo(MARK);
      }
    }
  }
}
