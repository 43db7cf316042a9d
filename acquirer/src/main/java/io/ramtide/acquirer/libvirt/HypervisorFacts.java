package io.ramtide.acquirer.libvirt;

import java.util.Optional;
import java.util.UUID;

/**
 * What a connection leads to.
 *
 * @param type libvirt's name of the driver, e.g. QEMU
 * @param version of the hypervisor, e.g. 7.2.22, if it has one
 * @param libvirtVersion of the daemon, e.g. 9.0.0
 * @param hostName of the hypervisor's host, as it calls itself
 * @param hostUuid of that host's firmware or as libvirtd.conf sets it, if it has one
 */
public record HypervisorFacts(
    String type,
    Optional<String> version,
    String libvirtVersion,
    String hostName,
    Optional<UUID> hostUuid) {}
