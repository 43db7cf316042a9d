package io.ramtide.acquirer.source;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The virtual machine whose RAM a source reads, as it was when the capture began.
 *
 * @param hypervisor e.g. QEMU
 * @param libvirtVersion of the daemon
 * @param machineType e.g. pc-q35-7.2
 * @param accelerator kvm or tcg
 * @param process the hypervisor process's id on this host
 * @param runningSinceMicros start of that process, microseconds since 1970 UTC
 * @param balloonBytes RAM that the balloon leaves the guest
 * @param memoryDevices plugged DIMMs
 */
public record MachineFacts(
    String hypervisor,
    Optional<String> hypervisorVersion,
    Optional<String> libvirtVersion,
    Optional<String> machineType,
    Optional<String> accelerator,
    OptionalLong process,
    OptionalLong runningSinceMicros,
    OptionalInt processors,
    OptionalLong balloonBytes,
    List<Dimm> memoryDevices) {
  public MachineFacts {
    memoryDevices = List.copyOf(memoryDevices);
  }

  /**
   * A plugged memory device.
   *
   * @param gpa guest-physical address
   */
  public record Dimm(String id, long gpa, long bytes) {}
}
