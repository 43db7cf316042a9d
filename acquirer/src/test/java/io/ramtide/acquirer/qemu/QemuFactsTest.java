package io.ramtide.acquirer.qemu;

import static io.ramtide.acquirer.qemu.FakeMonitor.captured;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MachineFacts.Dimm;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The answers are those of a QEMU 7.2. */
class QemuFactsTest {
  private static final String VERSION =
      """
      {"qemu": {"micro": 22, "minor": 2, "major": 7},
       "package": "Debian 1:7.2+dfsg-7+deb12u18+b3"}
      """;

  @Test
  void machine_is_told_with_its_balloon_and_dimms() throws Exception {
    FakeMonitor monitor =
        new FakeMonitor()
            .answer("query-version", VERSION)
            .answer("query-kvm", "{\"enabled\": false, \"present\": true}")
            .answer("qom-get", "\"pc-i440fx-7.2-machine\"")
            .answer("query-balloon", "{\"actual\": 5368709120}")
            .answer(
                "query-cpus-fast",
                """
                [{"thread-id": 32659, "cpu-index": 0, "target": "x86_64"},
                 {"thread-id": 32660, "cpu-index": 1, "target": "x86_64"}]
                """)
            .answer(
                "query-memory-devices",
                """
                [{"type": "dimm", "data": {"memdev": "/objects/memdimm0", "hotplugged": false,
                  "addr": 4294967296, "hotpluggable": true, "size": 536870912, "slot": 0,
                  "node": 0, "id": "dimm0"}},
                 {"type": "nvdimm", "data": {"memdev": "/objects/nv0", "addr": 4831838208,
                  "size": 134217728, "id": "nv"}},
                 {"type": "virtio-mem", "data": {"memdev": "/objects/vm0", "memaddr": 8589934592,
                  "size": 1048576, "max-size": 2097152, "id": "vmem0"}}]
                """);

    assertThat(facts(monitor))
        .isEqualTo(
            new MachineFacts(
                "QEMU",
                Optional.of("7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)"),
                Optional.of("9.0.0"),
                Optional.of("pc-i440fx-7.2"),
                Optional.of("tcg"),
                OptionalLong.of(4711),
                OptionalLong.of(1_000_000),
                OptionalInt.of(2),
                OptionalLong.of(5368709120L),
                List.of(
                    new Dimm("dimm0", 4294967296L, 536870912),
                    new Dimm("vmem0", 8589934592L, 1048576))));
  }

  @Test
  void what_qemu_refuses_is_unknown() throws Exception {
    MachineFacts facts = facts(new FakeMonitor().answer("query-version", VERSION));

    assertThat(facts.hypervisorVersion()).isPresent();
    assertThat(facts.balloonBytes()).isEmpty();
    assertThat(facts.accelerator()).isEmpty();
    assertThat(facts.machineType()).isEmpty();
    assertThat(facts.processors()).isEmpty();
    assertThat(facts.memoryDevices()).isEmpty();
  }

  @Test
  void qemu_that_does_not_answer_at_all_is_an_error() {
    assertThatExceptionOfType(MonitorException.class).isThrownBy(() -> facts(new FakeMonitor()));
  }

  @Test
  void absurd_answers_are_unknown() throws Exception {
    FakeMonitor monitor =
        new FakeMonitor()
            .answer("query-version", "{\"qemu\": \"7\", \"package\": [1]}")
            .answer("query-kvm", "{\"enabled\": \"yes\"}")
            .answer("qom-get", "{\"type\": []}")
            .answer("query-balloon", "{\"actual\": -1}")
            .answer("query-cpus-fast", "{}")
            .answer(
                "query-memory-devices",
                """
                [{"type": "dimm", "data": {"addr": -1, "size": 4096}},
                 {"type": "dimm", "data": {"addr": 4096, "size": 1e30}},
                 {"type": "dimm", "data": {"addr": 99999999999999999999, "size": 4096}},
                 {"type": "dimm", "data": "x"}, 7, null]
                """);

    MachineFacts facts = facts(monitor);

    assertThat(facts.hypervisorVersion()).isEmpty();
    assertThat(facts.accelerator()).isEmpty();
    assertThat(facts.machineType()).isEmpty();
    assertThat(facts.balloonBytes()).isEmpty();
    assertThat(facts.processors()).isEmpty();
    assertThat(facts.memoryDevices()).isEmpty();
  }

  @Test
  void names_are_bounded_and_printable() throws Exception {
    FakeMonitor monitor =
        new FakeMonitor()
            .answer("query-version", VERSION)
            .answer("qom-get", "\"a\\u001b\\n%s\"".formatted("x".repeat(10_000)));

    assertThat(facts(monitor).machineType())
        .hasValueSatisfying(
            type -> assertThat(type).startsWith("a\\u001b\\u000axx").hasSizeLessThan(200));
  }

  @Test
  void cr3_of_every_processor_is_told_once_and_zeros_are_left_out() throws Exception {
    String text = captured("registers.txt");
    assertThat(text).contains("CR3=00000000");
    FakeMonitor monitor = new FakeMonitor().human("info registers -a", text);
    assertThat(QemuFacts.cr3s(monitor)).isEmpty();

    monitor.human(
        "info registers -a",
        text.replaceFirst("CR3=00000000", "CR3=00000000001ad002")
            + text.replaceAll("CR3=00000000", "CR3=ffffffff12345000"));
    assertThat(QemuFacts.cr3s(monitor)).containsExactly(0x1ad002L, 0xffffffff12345000L);
  }

  private static MachineFacts facts(Monitor monitor) throws MonitorException {
    return QemuFacts.of(
        monitor, Optional.of("9.0.0"), OptionalLong.of(4711), OptionalLong.of(1_000_000));
  }
}
