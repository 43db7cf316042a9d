package io.ramtide.testkit.lab;

import java.nio.file.Path;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How a guest is built.
 *
 * @param machine pc or q35
 * @param numaNodes 0 for none
 * @param hotplugSlots for DIMMs
 */
record GuestConfig(
    String name,
    UUID uuid,
    String machine,
    int memoryMib,
    Backing backing,
    int numaNodes,
    int hotplugSlots) {

  private static final int SLOT_MIB = 1024;

  long ramBytes() {
    return (long) memoryMib << 20;
  }

  /** libvirt's domain XML. */
  String xml(Path disk) {
    return """
    <domain type='qemu'>
      <name>%s</name>
      <uuid>%s</uuid>
      %s
      <memory unit='MiB'>%d</memory>
      %s
      <vcpu>1</vcpu>
      <os><type arch='x86_64' machine='%s'>hvm</type><boot dev='hd'/></os>
      <features><acpi/></features>
      %s
      <on_poweroff>destroy</on_poweroff>
      <on_reboot>restart</on_reboot>
      <on_crash>preserve</on_crash>
      <devices>
        <emulator>/usr/bin/qemu-system-x86_64</emulator>
        <disk type='file' device='disk'>
          <driver name='qemu' type='raw'/>
          <source file='%s'/>
          <target dev='vda' bus='virtio'/>
          <readonly/>
        </disk>
        <controller type='usb' model='none'/>
        <memballoon model='virtio'/>
      </devices>
    </domain>
    """
        .formatted(name, uuid, maxMemory(), memoryMib, source(), machine, cpu(), disk);
  }

  private String maxMemory() {
    return hotplugSlots == 0
        ? ""
        : "<maxMemory slots='%d' unit='MiB'>%d</maxMemory>"
            .formatted(hotplugSlots, memoryMib + hotplugSlots * SLOT_MIB);
  }

  private String source() {
    return switch (backing) {
      case ANONYMOUS -> "";
      case MEMFD -> shared("memfd");
      case FILE -> shared("file");
    };
  }

  private static String shared(String type) {
    return "<memoryBacking><source type='%s'/><access mode='shared'/></memoryBacking>"
        .formatted(type);
  }

  /** libvirt has no slots for DIMMs without a NUMA node. */
  private String cpu() {
    int nodes = hotplugSlots > 0 ? Math.max(1, numaNodes) : numaNodes;
    return nodes == 0
        ? ""
        : IntStream.range(0, nodes)
            .mapToObj(
                node ->
                    "<cell id='%d' %s memory='%d' unit='MiB'/>"
                        .formatted(node, node == 0 ? "cpus='0'" : "", memoryMib / nodes))
            .collect(Collectors.joining("", "<cpu><numa>", "</numa></cpu>"));
  }
}
