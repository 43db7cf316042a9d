package io.ramtide.acquirer.libvirt;

import io.ramtide.acquirer.libvirt.connection.Connection;
import io.ramtide.acquirer.libvirt.connection.Shown;
import java.util.Optional;
import java.util.UUID;
import org.libvirt.LibvirtException;

/**
 * What a connection leads to.
 *
 * @param type libvirt's name of the driver, e.g. QEMU
 * @param version of the hypervisor, e.g. 7.2.22, if the driver tells
 * @param libvirtVersion of the daemon, e.g. 9.0.0
 * @param hostName of the hypervisor's host, as it calls itself
 * @param hostUuid by that host's firmware or libvirtd.conf, if the driver tells
 */
public record HypervisorFacts(
    String type,
    Optional<String> version,
    String libvirtVersion,
    String hostName,
    Optional<UUID> hostUuid) {

  static HypervisorFacts of(Connection connection) throws LibvirtException {
    return new HypervisorFacts(
        connection.getType(),
        version(connection),
        dotted(connection.getLibVersion()),
        Shown.line(connection.getHostName()),
        hostUuid(connection));
  }

  private static Optional<String> version(Connection connection) {
    try {
      long version = connection.getVersion();
      return version == 0 ? Optional.empty() : Optional.of(dotted(version));
    } catch (LibvirtException e) {
      return Optional.empty();
    }
  }

  private static Optional<UUID> hostUuid(Connection connection) {
    try {
      return Xml.text(connection.getCapabilities(), "/capabilities/host/uuid")
          .map(UUID::fromString);
    } catch (LibvirtException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** libvirt's versions are major * 1000000 + minor * 1000 + release. */
  private static String dotted(long version) {
    return version / 1_000_000 + "." + version / 1000 % 1000 + "." + version % 1000;
  }
}
