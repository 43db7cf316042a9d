package io.ramtide.acquirer.agent;

import io.ramtide.acquirer.libvirt.GuestEvent;
import io.ramtide.acquirer.libvirt.Hypervisor;
import io.ramtide.acquirer.libvirt.HypervisorFacts;
import io.ramtide.acquirer.live.LiveGuest;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** A connection to a hypervisor, as the agent needs one: libvirt's, or that of a test. */
interface Host extends Closeable {
  HypervisorFacts facts();

  /** Whether its guests run on this machine. */
  boolean isLocal();

  /** Never blocks. Once false, it stays so. */
  boolean isAlive();

  /** The guests that run. */
  List<LiveGuest> guests() throws IOException;

  @Override
  void close();

  /** Makes connections. */
  @FunctionalInterface
  interface Connector {
    Host connect(String uri, Consumer<GuestEvent> events) throws IOException;
  }

  /** libvirt's. */
  static Host libvirt(String uri, Consumer<GuestEvent> events) throws IOException {
    Hypervisor hypervisor = Hypervisor.connect(uri, events);
    return new Host() {
      @Override
      public HypervisorFacts facts() {
        return hypervisor.facts();
      }

      @Override
      public boolean isLocal() {
        return hypervisor.isLocal();
      }

      @Override
      public boolean isAlive() {
        return hypervisor.isAlive();
      }

      @Override
      public List<LiveGuest> guests() throws IOException {
        return List.copyOf(hypervisor.guests());
      }

      @Override
      public void close() {
        hypervisor.close();
      }
    };
  }
}
