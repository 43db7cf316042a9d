package io.ramtide.acquirer;

import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.schemas.Machine;
import io.ramtide.schemas.MemoryDevice;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A virtual machine's facts as a manifest carries them. */
final class MachineRecord {
  private MachineRecord() {}

  static Machine of(MachineFacts facts) {
    return new Machine(
        facts.hypervisor(),
        facts.hypervisorVersion().orElse(null),
        facts.libvirtVersion().orElse(null),
        facts.machineType().orElse(null),
        facts.accelerator().orElse(null),
        boxed(facts.process()),
        boxed(facts.runningSinceMicros()),
        boxed(facts.processors()),
        boxed(facts.balloonBytes()),
        facts.memoryDevices().stream()
            .map(dimm -> new MemoryDevice(dimm.id(), dimm.gpa(), dimm.bytes()))
            .toList());
  }

  private static Long boxed(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static Integer boxed(OptionalInt value) {
    return value.isPresent() ? value.getAsInt() : null;
  }
}
