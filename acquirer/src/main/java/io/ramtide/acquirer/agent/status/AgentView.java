package io.ramtide.acquirer.agent.status;

import io.ramtide.acquirer.agent.domain.DomainStatus;
import io.ramtide.schemas.Capability;
import java.util.List;
import java.util.Optional;

/** What there is to tell of an agent, at any moment and from any thread. */
public interface AgentView {
  /** libvirt connection. */
  String uri();

  /** Whether the hypervisor answers. */
  boolean isConnected();

  /** The hypervisor's name and version. */
  Optional<String> hypervisor();

  List<Capability> capabilities();

  /** By name. */
  List<DomainStatus> domains();

  /** Lanes at work. */
  int lanes();

  /** Chunks and copies handed to the broker's client since the start, before compression. */
  long sentBytes();

  /** Time that the budgets cost since the start, summed over threads. */
  long waitedNanos();
}
