package io.ramtide.acquirer.qemu;

import static io.ramtide.acquirer.qemu.FakeMonitor.captured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.source.MachineFacts;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KnownMachineTest {
  private static final String DIMM =
      "[{'type':'dimm','data':{'id':'dimm0','addr':4294967296,'size':134217728}}]"
          .replace('\'', '"');

  private final KnownMachine machine = new KnownMachine();
  private final FakeMonitor monitor =
      new FakeMonitor()
          .human("info mtree -D", captured("pc-3500m.mtree.txt"))
          .human("gpa2hva 0x0", "Host virtual address for 0x0 (pc.ram) is 0x7f87f1200000\n")
          .answer("query-memory-size-summary", "{\"base-memory\":%d}".formatted(3500L << 20))
          .answer("query-memory-devices", "[]");

  @Test
  void known_layout_costs_one_question() throws Exception {
    GuestLayout first = machine.layout(monitor);
    monitor.asked().clear();

    assertThat(machine.layout(monitor)).isEqualTo(first);
    assertThat(monitor.asked()).containsExactly("query-memory-devices");
  }

  @Test
  void plugged_memory_has_the_layout_asked_for_again() throws Exception {
    machine.layout(monitor);
    monitor.asked().clear();
    monitor.answer("query-memory-devices", DIMM);

    machine.layout(monitor);
    assertThat(monitor.asked()).contains("info mtree -D");

    monitor.asked().clear();
    monitor.answer("query-memory-devices", "[]"); // Unplugged.
    machine.layout(monitor);
    assertThat(monitor.asked()).contains("info mtree -D");
  }

  @Test
  void memory_plugged_while_the_layout_is_told_does_not_pass_for_known() throws Exception {
    Monitor plugging =
        new Monitor() {
          @Override
          public JsonNode execute(String command, Map<String, ?> arguments)
              throws MonitorException {
            return monitor.execute(command, arguments);
          }

          @Override
          public String human(String line) throws MonitorException {
            if (line.startsWith("info mtree")) {
              monitor.answer("query-memory-devices", DIMM);
            }
            return monitor.human(line);
          }
        };
    machine.layout(plugging);
    monitor.asked().clear();

    machine.layout(monitor);
    assertThat(monitor.asked()).contains("info mtree -D");
  }

  @Test
  void layout_is_asked_for_each_time_where_memory_devices_are_not_told() throws Exception {
    FakeMonitor old =
        new FakeMonitor()
            .human("info mtree -D", captured("pc-3500m.mtree.txt"))
            .human("gpa2hva 0x0", "Host virtual address for 0x0 (pc.ram) is 0x7f87f1200000\n")
            .answer("query-memory-size-summary", "{\"base-memory\":%d}".formatted(3500L << 20));
    machine.layout(old);
    old.asked().clear();

    machine.layout(old);
    assertThat(old.asked()).contains("info mtree -D");
  }

  @Test
  void layout_without_addresses_is_not_kept() throws Exception {
    monitor.human("gpa2hva 0x0", "Memory at address 0x0is not RAM\n");
    machine.layout(monitor);
    monitor.human("gpa2hva 0x0", "Host virtual address for 0x0 (pc.ram) is 0x7f87f1200000\n");

    assertThat(machine.layout(monitor).regions().get(0).hva()).hasValue(0x7f87f1200000L);
  }

  @Test
  void failure_after_a_change_forgets_what_was_known() throws Exception {
    machine.layout(monitor);
    monitor.answer("query-memory-devices", DIMM).human("info mtree -D", "nonsense");
    assertThatExceptionOfType(MonitorException.class).isThrownBy(() -> machine.layout(monitor));

    monitor.answer("query-memory-devices", "[]");
    assertThatExceptionOfType(MonitorException.class).isThrownBy(() -> machine.layout(monitor));
  }

  @Test
  void facts_that_cannot_change_are_asked_for_once() throws Exception {
    monitor
        .answer(
            "query-version", "{\"qemu\":{\"major\":7,\"minor\":2,\"micro\":0},\"package\":\"\"}")
        .answer("qom-get", "\"pc-i440fx-7.2-machine\"")
        .answer("query-kvm", "{\"enabled\":false}")
        .answer("query-cpus-fast", "[{}]")
        .answer("query-balloon", "{\"actual\":1073741824}");
    MachineFacts first = facts();
    monitor.answer("query-balloon", "{\"actual\":536870912}").answer("query-memory-devices", DIMM);
    monitor.asked().clear();

    MachineFacts next = facts();
    assertThat(monitor.asked())
        .containsExactly("query-cpus-fast", "query-balloon", "query-memory-devices");
    assertThat(first.balloonBytes()).hasValue(1L << 30);
    assertThat(next.balloonBytes()).hasValue(1L << 29);
    assertThat(next.memoryDevices()).hasSize(1);
    assertThat(next.machineType()).isEqualTo(first.machineType());
  }

  private MachineFacts facts() throws MonitorException {
    return machine.facts(monitor, Optional.empty(), OptionalLong.of(7), OptionalLong.empty());
  }
}
