package io.ramtide.acquirer.qemu;

import static io.ramtide.acquirer.qemu.FakeMonitor.captured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ramtide.acquirer.source.MemoryRange;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuestLayoutsTest {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;
  private static final String TREE =
      """
      address-space: cpu-memory-0
      address-space: memory
        0000000000000000-ffffffffffffffff (prio 0, i/o): system
      """;

  @Test
  void booted_machine_has_its_ram_as_one_region() throws Exception {
    FakeMonitor monitor = machine("pc-3500m", 3500 * MIB);
    monitor.human("gpa2hva 0x0", "Host virtual address for 0x0 (pc.ram) is 0x7f87f1200000\n");

    assertThat(GuestLayouts.of(monitor).regions())
        .containsExactly(region(0, 3500 * MIB, "pc.ram", 0, 0x7f87f1200000L));
  }

  @Test
  void ram_behind_the_video_window_is_hidden() throws Exception {
    FakeMonitor monitor = machine("pc-3500m", 3500 * MIB);

    assertThat(GuestLayouts.hidden(monitor, GuestLayouts.of(withHva(monitor))))
        .containsExactly(new MemoryRange(0xa0000, 0x20000));
  }

  @Test
  void nodes_are_mapped_around_the_pci_hole_and_each_asked_for_once() throws Exception {
    FakeMonitor monitor = machine("q35-5g-numa", 5 * GIB);
    monitor.human("gpa2hva 0x0", "Host virtual address for 0x0 (ram-node0) is 0x7f4637fff000\n");
    monitor.human(
        "gpa2hva 0x120000000",
        "Host virtual address for 0x120000000 (ram-node1) is 0x7f4597ffe000\n");

    assertThat(GuestLayouts.of(monitor).regions())
        .containsExactly(
            region(0, 2 * GIB, "ram-node0", 0, 0x7f4637fff000L),
            region(4 * GIB, 512 * MIB, "ram-node0", 2 * GIB, 0x7f46b7fff000L),
            region(4 * GIB + 512 * MIB, 2560 * MIB, "ram-node1", 0, 0x7f4597ffe000L));
    assertThat(monitor.asked()).filteredOn(line -> line.startsWith("gpa2hva")).hasSize(2);
  }

  @Test
  void firmware_before_the_boot_hides_the_ram_that_it_is_copied_to() throws Exception {
    FakeMonitor monitor = machine("q35-5g-numa", 5 * GIB);

    assertThat(GuestLayouts.hidden(monitor, GuestLayouts.of(withHva(monitor))))
        .containsExactly(new MemoryRange(0xc0000, 0x40000));
  }

  @Test
  void plugged_dimm_is_ram_but_an_nvdimm_and_shared_device_memory_are_not() throws Exception {
    FakeMonitor monitor = machine("pc-dimm-nvdimm", 3 * GIB);

    assertThat(GuestLayouts.of(withHva(monitor)).ram())
        .containsExactly(new MemoryRange(0, 3 * GIB), new MemoryRange(4 * GIB, 512 * MIB));
  }

  @Test
  void old_qemu_without_disabled_regions_is_asked_again() throws Exception {
    FakeMonitor monitor =
        machine("pc-3500m", 3500 * MIB)
            .human("info mtree -D", "mtree: unsupported option -D\nTry \"help mtree\"\n")
            .human("info mtree", captured("pc-3500m.mtree.txt"));

    assertThat(GuestLayouts.of(withHva(monitor)).ram())
        .containsExactly(new MemoryRange(0, 3500 * MIB));
  }

  @Test
  void accelerator_behind_the_name_does_not_hide_ram() throws Exception {
    String flat =
        captured("pc-3500m.flat.txt")
            .replaceAll("(?m)(\\(prio 0, r[ao]m\\): pc.ram.*)$", "$1 KVM KVM");
    FakeMonitor monitor = machine("pc-3500m", 3500 * MIB).human("info mtree -f", flat);

    assertThat(flat).contains("pc.ram @00000000000c0000 KVM KVM", "pc.ram KVM KVM");
    assertThat(GuestLayouts.hidden(monitor, GuestLayouts.of(withHva(monitor))))
        .containsExactly(new MemoryRange(0xa0000, 0x20000));
  }

  @Test
  void frame_that_smram_covers_in_part_is_hidden_as_a_whole() throws Exception {
    FakeMonitor monitor = tree("    0000000000000000-000000007fffffff (prio 0, ram): pc.ram\n");
    monitor.human(
        "info mtree -f",
        """
        FlatView #0
         AS "memory", root: system
         Root memory region: system
          0000000000000000-000000007f7ff7ff (prio 0, ram): pc.ram
          000000007f7ff800-000000007fffffff (prio 1, i/o): tseg-blackhole

        FlatView #1
         AS "cpu-smm-0", root: memory
          0000000000000000-000000007fffffff (prio 0, ram): pc.ram
        """);

    assertThat(GuestLayouts.hidden(monitor, GuestLayouts.of(monitor)))
        .containsExactly(new MemoryRange(0x7f7ff000, 0x801000));
  }

  @Test
  void frames_that_are_ram_only_in_part_are_left_out() throws Exception {
    FakeMonitor monitor =
        tree(
            """
                0000000000000000-000000007ffff7ff (prio 0, ram): a
                0000000100000800-0000000100002fff (prio 0, ram): alias b @b 0000000000000800-ff
            memory-region: b
              0000000000000000-0000000000002fff (prio 0, ram): b
            """);
    monitor.answer("query-memory-size-summary", "{\"base-memory\": 4096}");

    assertThat(GuestLayouts.of(monitor).regions())
        .containsExactly(
            new RamRegion(new MemoryRange(0, 0x7ffff000), "a", 0, OptionalLong.empty()),
            new RamRegion(
                new MemoryRange(0x100001000L, 0x2000), "b", 0x1000, OptionalLong.empty()));
  }

  @Test
  void regions_that_many_aliases_lead_to_are_not_looked_at_without_end() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 600; i++) {
      text.append("    0000000000000000-0000000000000fff (prio 0, i/o): alias a @b 0-fff\n");
    }
    text.append("memory-region: b\n  0000000000000000-0000000000000fff (prio 0, i/o): b\n");
    for (int i = 0; i < 600; i++) {
      text.append("    0000000000000000-0000000000000fff (prio 1, i/o): c\n");
    }

    assertThatExceptionOfType(MonitorException.class)
        .isThrownBy(() -> GuestLayouts.of(tree(text.toString())))
        .withMessageContaining("too many regions");
  }

  @Test
  void address_that_qemu_does_not_tell_is_left_open() throws Exception {
    FakeMonitor monitor = machine("pc-3500m", 3500 * MIB);
    monitor.human("gpa2hva 0x0", "Memory at address 0x0 is not RAM\n");

    assertThat(GuestLayouts.of(monitor).regions())
        .extracting(RamRegion::hva)
        .containsExactly(OptionalLong.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x7f87f1200800", "0xffff880000000000", "0x0", "0xffffffffffff000"})
  void address_that_no_block_can_have_is_refused(String hva) {
    FakeMonitor monitor = machine("pc-3500m", 3500 * MIB);
    monitor.human("gpa2hva 0x0", "Host virtual address for 0x0 (pc.ram) is " + hva + "\n");

    assertThatExceptionOfType(MonitorException.class)
        .isThrownBy(() -> GuestLayouts.of(monitor))
        .withMessageContaining("gpa2hva");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "0000000000000000-00000000bfffffff (prio 0, ram): a"
            + "|    00000000b0000000-00000000ffffffff (prio 0, ram): b;overlap at 0xb0000000",
        "fff0000000000000-fffffffffffffff0 (prio 0, ram): a;are not possible",
        "0010000000000000-0010000000000fff (prio 0, ram): a;are not possible",
        "0000000000000000-000fffffffffffff (prio 0, ram): a;more than 64 TiB",
        "0000000000000000-ffffffffffffffff (prio 0, ram): a;are not possible",
        "0000000000000000-00000000bfffffff (prio 0, ram): alias a @a 0-bfffffff;\"memory-region: a",
        "0000000000000000-00000000bfffffff (prio 0, i/o): alias a @system 0-ff;memory-region: system",
        "0000000000000000-00000000bfffffff (prio x, ram): a;not understood",
        "00000000000000000-00000000bfffffff (prio 0, ram): a;not understood",
        "0000000000000000-00000000bfffffff (prio 0, ram): alias a @b 800-bfffffff"
            + "|memory-region: b|  0000000000000000-00000000bfffffff (prio 0, ram): b"
            + ";does not begin with a page",
        "0000000000000000-00000000bfffffff (prio 0, i/o): alias a @b 0-bfffffff|memory-region: b"
            + "|  0000000000000000-00000000bfffffff (prio 0, i/o): alias b @b 0-bfffffff"
            + ";nested too deep",
        "0000000000000000-00000000003fffff (prio 0, ram): a;but the machine has",
        "[DETECTED OVERFLOW!] 0-1 (prio 0, ram): a;not understood"
      })
  void impossible_tree_is_refused(String lines, String message) {
    FakeMonitor monitor = tree("    " + lines.replace('|', '\n') + "\n");

    assertThatExceptionOfType(MonitorException.class)
        .isThrownBy(() -> GuestLayouts.of(monitor))
        .withMessageContaining(message);
  }

  @Test
  void tree_without_end_is_refused() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      lines.append(
          "    %016x-%016x (prio 0, ram): a%n".formatted(i * 0x2000L, i * 0x2000L + 0xfff));
    }

    assertThatExceptionOfType(MonitorException.class)
        .isThrownBy(() -> GuestLayouts.of(tree(lines.toString())));
    assertThatExceptionOfType(MonitorException.class)
        .isThrownBy(() -> GuestLayouts.of(tree("    x".repeat(4 << 20))))
        .withMessageContaining("more than any machine needs");
  }

  @Test
  void reply_that_is_shown_is_short_and_printable() {
    FakeMonitor monitor = tree("\u001b[31m" + "x".repeat(2000) + "\n");

    assertThatExceptionOfType(MonitorException.class)
        .isThrownBy(() -> GuestLayouts.of(monitor))
        .withMessageContaining("\\u001b[31mxxx")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
  }

  private static RamRegion region(long gpa, long bytes, String block, long offset, long hva) {
    return new RamRegion(new MemoryRange(gpa, bytes), block, offset, OptionalLong.of(hva));
  }

  private static FakeMonitor machine(String name, long bytes) {
    return new FakeMonitor()
        .human("info mtree -D", captured(name + ".mtree.txt"))
        .human("info mtree -f", captured(name + ".flat.txt"))
        .answer("query-memory-size-summary", "{\"base-memory\": %d}".formatted(bytes));
  }

  /** Lets the addresses of blocks be unknown. */
  private static FakeMonitor withHva(FakeMonitor monitor) {
    for (String gpa : new String[] {"0", "100000000", "100001000", "120000000"}) {
      monitor.human("gpa2hva 0x" + gpa, "No memory is mapped at address 0x" + gpa + "\n");
    }
    return monitor;
  }

  private static FakeMonitor tree(String lines) {
    return withHva(
        new FakeMonitor()
            .human("info mtree -D", TREE + lines)
            .answer("query-memory-size-summary", "{\"base-memory\": %d}".formatted(2 * GIB)));
  }
}
