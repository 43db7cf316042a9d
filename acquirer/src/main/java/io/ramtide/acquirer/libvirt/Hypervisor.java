package io.ramtide.acquirer.libvirt;

import java.io.Closeable;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A connection to libvirt. It does not mend itself: when {@link #isAlive} is false, close it and
 * connect again; guests of the old connection fail from then on. Safe for use by several threads.
 */
public final class Hypervisor implements Closeable {

  /**
   * Connects, for reading and writing.
   *
   * @param uri as virsh takes it, e.g. qemu:///system
   * @throws HypervisorException if there is no libvirt, no permission, or no such hypervisor
   */
  public static Hypervisor connect(String uri) throws HypervisorException {
    return connect(uri, event -> {});
  }

  /**
   * Connects, and tells what happens to the guests from then on, guests() being complete up to
   * then.
   *
   * @param listener called by the one thread of libvirt's events: it must return soon and must not
   *     call this package
   */
  public static Hypervisor connect(String uri, Consumer<GuestEvent> listener)
      throws HypervisorException {
    throw new UnsupportedOperationException();
  }

  private Hypervisor() {}

  /** As given to connect. */
  public String uri() {
    throw new UnsupportedOperationException();
  }

  public HypervisorFacts facts() {
    throw new UnsupportedOperationException();
  }

  /** Whether its guests run on this machine, by the URI. */
  public boolean isLocal() {
    throw new UnsupportedOperationException();
  }

  /** False once libvirtd is gone or has not answered for some seconds. Never blocks. */
  public boolean isAlive() {
    throw new UnsupportedOperationException();
  }

  /** The guests that run, paused ones too. */
  public List<LibvirtGuest> guests() throws HypervisorException {
    throw new UnsupportedOperationException();
  }

  /** The guest, if it runs. */
  public Optional<LibvirtGuest> find(UUID uuid) throws HypervisorException {
    throw new UnsupportedOperationException();
  }

  /** Ends the connection; its guests fail from then on. The listener hears nothing more. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
