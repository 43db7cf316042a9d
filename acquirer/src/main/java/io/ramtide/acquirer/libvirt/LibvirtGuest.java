package io.ramtide.acquirer.libvirt;

import static io.ramtide.acquirer.libvirt.connection.LibvirtCalls.LIBVIRT;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.ramtide.acquirer.host.HostProcess;
import io.ramtide.acquirer.host.ProcessGoneException;
import io.ramtide.acquirer.libvirt.connection.LibvirtCalls;
import io.ramtide.acquirer.libvirt.connection.Shown;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.GuestLayouts;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.qemu.MonitorException;
import io.ramtide.acquirer.qemu.QemuFacts;
import io.ramtide.acquirer.source.MachineFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.libvirt.jna.SizeT;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a domain: once the domain stops, every call fails with a GuestGoneException, also when
 * it was started again; that run is another LibvirtGuest. Holds nothing open. A failure of the
 * monitor has the GuestGoneException as its cause.
 */
public final class LibvirtGuest implements LiveGuest {
  private static final Logger LOG = LoggerFactory.getLogger(LibvirtGuest.class);
  private static final long LONG_SECONDS = TimeUnit.HOURS.toSeconds(2);

  private final Hypervisor hypervisor;
  private final UUID uuid;
  private final String name;
  private final int id;
  private volatile HostProcess process;

  /** Once asked for; under this. */
  private String run;

  private final Object peeking = new Object();

  /** Under peeking. */
  private ByteBuffer peeked;

  LibvirtGuest(Hypervisor hypervisor, UUID uuid, String name, int id) {
    this.hypervisor = hypervisor;
    this.uuid = uuid;
    this.name = name;
    this.id = id;
  }

  @Override
  public UUID uuid() {
    return uuid;
  }

  @Override
  public String name() {
    return name;
  }

  /** libvirt's number of the run, unique while the connection lasts. */
  int id() {
    return id;
  }

  /**
   * libvirt's number of the run, and of QEMU's process its id and start in clock ticks, if it can
   * be found on this host. An object's answer stays the same.
   */
  @Override
  public synchronized String run() {
    if (run == null) {
      try {
        HostProcess qemu = process();
        run = id + "/" + qemu.pid() + "/" + qemu.startTicks();
      } catch (IOException e) {
        LOG.debug("{}: the run goes by libvirt's number alone", this, e);
        run = Integer.toString(id);
      }
    }
    return run;
  }

  @Override
  public GuestLayout layout() throws IOException {
    return asked(GuestLayouts::of);
  }

  @Override
  public MachineFacts facts() throws IOException {
    HypervisorFacts hypervisorFacts = hypervisor.facts();
    Optional<String> libvirt = Optional.of(hypervisorFacts.libvirtVersion());
    if (!hypervisor.isQemu()) {
      return new MachineFacts(
          hypervisorFacts.type(),
          hypervisorFacts.version(),
          libvirt,
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalInt.empty(),
          OptionalLong.empty(),
          List.of());
    }
    OptionalLong pid = hypervisor.isLocal() ? OptionalLong.of(pid()) : OptionalLong.empty();
    OptionalLong since =
        pid.isPresent() ? GuestProcess.startMicros(pid.getAsLong()) : OptionalLong.empty();
    return asked(monitor -> QemuFacts.of(monitor, libvirt, pid, since));
  }

  private interface Question<T> {
    T ask(Monitor monitor) throws IOException;
  }

  private <T> T asked(Question<T> question) throws IOException {
    try {
      return question.ask(monitor());
    } catch (MonitorException e) {
      if (e.getCause() instanceof GuestGoneException gone) {
        throw gone;
      }
      throw e;
    }
  }

  @Override
  public Monitor monitor() throws IOException {
    if (!hypervisor.isQemu()) {
      throw new MethodUnavailableException(
          this + " runs under " + hypervisor.facts().type() + ", which has no QEMU monitor", null);
    }
    return new GuestMonitor(this);
  }

  @Override
  public long pid() throws IOException {
    return process().pid();
  }

  private HostProcess process() throws IOException {
    HostProcess known = process;
    try {
      if (known != null) {
        known.requireAlive();
        return known;
      }
      if (!hypervisor.isLocal()) {
        throw new MethodUnavailableException(
            this
                + " runs on the host of "
                + hypervisor.uri()
                + ": its process can be read only there; run the agent on that host",
            null);
      }
      HostProcess found = asked(monitor -> GuestProcess.find(monitor, uuid));
      process = found;
      return found;
    } catch (ProcessGoneException e) {
      throw new GuestGoneException(this + " has ended: " + e.getMessage(), e);
    }
  }

  @Override
  public boolean isPaused() throws IOException {
    IntByReference state = new IntByReference();
    call(
        "cannot tell the state of",
        domain -> done(LIBVIRT.virDomainGetState(domain, state, new IntByReference(), 0)));
    return switch (state.getValue()) {
      case 3, 4, 6, 7 -> true; // paused, shutting down, crashed, suspended by itself
      default -> false;
    };
  }

  @Override
  public void suspend() throws IOException {
    pausing(1, 0, () -> call("cannot suspend", d -> done(LIBVIRT.virDomainSuspend(d))));
  }

  @Override
  public void resume() throws IOException {
    pausing(0, 1, () -> call("cannot resume", d -> done(LIBVIRT.virDomainResume(d))));
  }

  @Override
  public void peek(long gpa, ByteBuffer target) throws IOException {
    synchronized (peeking) {
      while (target.hasRemaining()) {
        int length = Math.min(target.remaining(), LibvirtCalls.PEEK_BYTES);
        target.put(peek(gpa, length));
        gpa += length;
      }
    }
  }

  /** Into memory of ours: a call that is given up may write late. */
  private ByteBuffer peek(long gpa, int length) throws IOException {
    ByteBuffer buffer =
        peeked == null ? ByteBuffer.allocateDirect(LibvirtCalls.PEEK_BYTES) : peeked;
    peeked = null;
    call(
        "cannot read memory at 0x" + Long.toHexString(gpa) + " of",
        d ->
            done(
                LIBVIRT.virDomainMemoryPeek(
                    d, gpa, new SizeT(length), buffer, LibvirtCalls.MEMORY_PHYSICAL)));
    peeked = buffer;
    return buffer.slice(0, length);
  }

  @Override
  public void dumpCore(Path file) throws IOException {
    String path = file.toAbsolutePath().toString();
    pausing(
        1,
        1,
        () ->
            longCall(
                "cannot dump to " + file + " the memory of",
                d ->
                    done(
                        LIBVIRT.virDomainCoreDumpWithFormat(
                            d,
                            path,
                            LibvirtCalls.DUMP_FORMAT_RAW,
                            LibvirtCalls.DUMP_MEMORY_ONLY | LibvirtCalls.DUMP_LIVE))));
  }

  @Override
  public void snapshotMemory(Path file) throws IOException {
    String path = file.toAbsolutePath().toString();
    pausing(
        1,
        1,
        () -> {
          String domainXml =
              call(
                  "cannot tell the disks of",
                  d -> {
                    Pointer xml = LIBVIRT.virDomainGetXMLDesc(d, 0);
                    return xml == null ? null : LibvirtCalls.take(xml);
                  });
          String snapshot = SnapshotXml.memoryOnly(domainXml, path);
          longCall(
              "cannot snapshot to " + file + " the memory of",
              d -> {
                Pointer made =
                    LIBVIRT.virDomainSnapshotCreateXML(
                        d,
                        snapshot,
                        LibvirtCalls.SNAPSHOT_NO_METADATA | LibvirtCalls.SNAPSHOT_LIVE);
                return made == null ? null : LIBVIRT.virDomainSnapshotFree(made);
              });
        });
  }

  private interface Action {
    void run() throws IOException;
  }

  private void pausing(int suspends, int resumes, Action action) throws IOException {
    hypervisor.pauses().begin(uuid, suspends, resumes);
    try {
      action.run();
    } finally {
      hypervisor.pauses().end(uuid);
    }
  }

  <T> T call(String what, Hypervisor.DomainCall<T> call) throws IOException {
    return hypervisor.call(this, what, Hypervisor.ANSWER_SECONDS, call);
  }

  /** A call whose time goes with the guest's size. */
  private <T> T longCall(String what, Hypervisor.DomainCall<T> call) throws IOException {
    return hypervisor.call(this, what, LONG_SECONDS, call);
  }

  private static Boolean done(int result) {
    return result < 0 ? null : Boolean.TRUE;
  }

  @Override
  public String toString() {
    return "guest " + Shown.line(name) + " (" + uuid + ")";
  }
}
