package io.ramtide.acquirer.libvirt;

import static io.ramtide.acquirer.libvirt.connection.LibvirtCalls.LIBVIRT;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.ramtide.acquirer.libvirt.connection.Connection;
import io.ramtide.acquirer.libvirt.connection.Domains;
import io.ramtide.acquirer.libvirt.connection.Errors;
import io.ramtide.acquirer.libvirt.connection.HypervisorException;
import io.ramtide.acquirer.libvirt.connection.LibvirtCalls;
import io.ramtide.acquirer.libvirt.connection.Patience;
import io.ramtide.acquirer.libvirt.connection.Uris;
import io.ramtide.acquirer.live.GuestGoneException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.libvirt.Error;
import org.libvirt.Error.ErrorNumber;
import org.libvirt.LibvirtException;
import org.libvirt.jna.DomainPointer;

/**
 * A connection to libvirt. It does not mend itself: when {@link #isAlive} is false, close it and
 * connect again; guests of the old connection fail from then on. Safe for use by several threads.
 */
public final class Hypervisor implements Closeable {
  /** libvirt itself waits 30 seconds for another operation on the guest. */
  static final long ANSWER_SECONDS = 40;

  /** By URI. */
  private static final Patience CONNECTING = new Patience();

  /** What a call without a guest is about. */
  private static final Object ALL = new Object();

  private final String uri;
  private final Connection connection;
  private final HypervisorFacts facts;
  private final boolean local;
  private final OwnPauses pauses = new OwnPauses(System::nanoTime);
  private final Patience patience = new Patience();

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
   * Connects, and tells what happens to the guests from then on: what began before is in {@link
   * #guests}.
   *
   * @param listener called by the one thread of libvirt's events: it must return soon and must not
   *     call this package
   */
  public static Hypervisor connect(String uri, Consumer<GuestEvent> listener)
      throws HypervisorException {
    AtomicReference<Object> outcome = new AtomicReference<>();
    try {
      return CONNECTING.within(
          ANSWER_SECONDS,
          uri,
          "cannot connect to libvirt at " + uri,
          () -> {
            Hypervisor made = new Hypervisor(uri, listener);
            if (!outcome.compareAndSet(null, made)) {
              made.close(); // it was given up meanwhile
            }
            return made;
          });
    } catch (IOException e) {
      if (outcome.getAndSet(e) instanceof Hypervisor late) {
        late.close();
      }
      throw known(e);
    }
  }

  private Hypervisor(String uri, Consumer<GuestEvent> listener) throws HypervisorException {
    this.uri = uri;
    connection = Connection.open(uri);
    try {
      EventCallbacks.register(connection, new GuestEvents(listener, pauses));
      facts = HypervisorFacts.of(connection);
      local = Uris.isLocal(connection.getURI());
    } catch (LibvirtException e) {
      connection.end();
      throw Errors.connecting(uri, e);
    }
  }

  /** As given to connect. */
  public String uri() {
    return uri;
  }

  public HypervisorFacts facts() {
    return facts;
  }

  boolean isQemu() {
    return facts.type().equals("QEMU");
  }

  /** Whether its guests run on this machine, by the URI. */
  public boolean isLocal() {
    return local;
  }

  /** False once libvirtd is gone or has not answered for 20 seconds. Never blocks. */
  public boolean isAlive() {
    if (!connection.enter()) {
      return false;
    }
    try {
      return connection.isAlive();
    } catch (LibvirtException e) {
      return false;
    } finally {
      connection.leave();
    }
  }

  /** The guests that run, paused ones too. */
  public List<LibvirtGuest> guests() throws HypervisorException {
    return ask("cannot list the guests of " + uri, this::list);
  }

  private List<LibvirtGuest> list() throws IOException {
    enter();
    try {
      PointerByReference list = new PointerByReference();
      int count =
          LIBVIRT.virConnectListAllDomains(connection.pointer(), list, LibvirtCalls.LIST_ACTIVE);
      if (count < 0) {
        throw failed("cannot list the guests of " + uri, Errors.last());
      }
      List<LibvirtGuest> guests = new ArrayList<>(count);
      for (Pointer pointer : list.getValue().getPointerArray(0, count)) {
        guest(new DomainPointer(pointer)).ifPresent(guests::add);
      }
      Native.free(Pointer.nativeValue(list.getValue()));
      return guests;
    } finally {
      connection.leave();
    }
  }

  /** The guest, if it runs. */
  public Optional<LibvirtGuest> find(UUID uuid) throws HypervisorException {
    return ask("cannot look for guest " + uuid + " of " + uri, () -> lookUp(uuid));
  }

  private Optional<LibvirtGuest> lookUp(UUID uuid) throws IOException {
    enter();
    try {
      DomainPointer domain =
          LIBVIRT.virDomainLookupByUUID(connection.pointer(), Domains.bytes(uuid));
      if (domain != null) {
        return guest(domain);
      }
      Error error = Errors.last();
      if (error != null && error.getCode() == ErrorNumber.VIR_ERR_NO_DOMAIN) {
        return Optional.empty();
      }
      throw failed("cannot look for guest " + uuid + " of " + uri, error);
    } finally {
      connection.leave();
    }
  }

  /** Ends the connection; its guests fail from then on. The listener hears nothing more. */
  @Override
  public void close() {
    connection.end();
  }

  OwnPauses pauses() {
    return pauses;
  }

  /** A call about one run of a domain. */
  interface DomainCall<T> {
    /** What libvirt returned, or null if it failed. */
    T on(DomainPointer domain);
  }

  /**
   * Makes a call about the run that a guest is.
   *
   * @param what for the message, e.g. cannot suspend
   */
  <T> T call(LibvirtGuest guest, String what, long seconds, DomainCall<T> call) throws IOException {
    String whatOfGuest = what + " " + guest;
    return patience.within(
        seconds, guest.uuid(), whatOfGuest, () -> callNow(guest, whatOfGuest, call));
  }

  private <T> T callNow(LibvirtGuest guest, String what, DomainCall<T> call) throws IOException {
    enter();
    try {
      DomainPointer domain = running(guest, what);
      T result;
      Error error;
      try {
        result = call.on(domain);
        error = result == null ? Errors.last() : null;
      } finally {
        LIBVIRT.virDomainFree(domain);
      }
      if (result == null) {
        if (Errors.mayBeGone(error) && isAlive()) {
          LIBVIRT.virDomainFree(running(guest, what));
        }
        throw calling(what, error);
      }
      return result;
    } finally {
      connection.leave();
    }
  }

  private DomainPointer running(LibvirtGuest guest, String what) throws IOException {
    DomainPointer domain =
        LIBVIRT.virDomainLookupByUUID(connection.pointer(), Domains.bytes(guest.uuid()));
    if (domain == null) {
      throw calling(what, Errors.last());
    }
    if (LIBVIRT.virDomainGetID(domain) != guest.id()) {
      LIBVIRT.virDomainFree(domain);
      throw new GuestGoneException(what + ": it has stopped", null);
    }
    return domain;
  }

  /** Takes the pointer. */
  private Optional<LibvirtGuest> guest(DomainPointer domain) {
    int id = LIBVIRT.virDomainGetID(domain);
    Optional<LibvirtGuest> guest =
        id < 0
            ? Optional.empty()
            : Optional.of(
                new LibvirtGuest(this, Domains.uuid(domain), LIBVIRT.virDomainGetName(domain), id));
    LIBVIRT.virDomainFree(domain);
    return guest;
  }

  private <T> T ask(String what, Patience.Call<T> call) throws HypervisorException {
    try {
      return patience.within(ANSWER_SECONDS, ALL, what, call);
    } catch (IOException e) {
      throw known(e);
    }
  }

  private static HypervisorException known(IOException e) {
    return e instanceof HypervisorException known
        ? known
        : new HypervisorException(e.getMessage(), e);
  }

  private void enter() throws HypervisorException {
    if (!connection.enter()) {
      throw new HypervisorException("the connection to libvirt at " + uri + " is closed", null);
    }
  }

  private IOException calling(String what, Error error) {
    return isAlive()
        ? Errors.calling(what, uri, facts.type(), error)
        : Errors.lost(uri, Errors.text(error));
  }

  private HypervisorException failed(String what, Error error) {
    return isAlive()
        ? new HypervisorException(what + ": " + Errors.text(error), null)
        : Errors.lost(uri, Errors.text(error));
  }
}
