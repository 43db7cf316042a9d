package io.ramtide.acquirer.libvirt;

import static io.ramtide.acquirer.libvirt.LibvirtCalls.LIBVIRT;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.Monitor;
import io.ramtide.acquirer.source.MachineFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.libvirt.jna.SizeT;

/**
 * One run of a domain: once the domain stops, every call fails with a GuestGoneException, also when
 * it was started again; that run is another LibvirtGuest. Holds nothing open. A failure of the
 * monitor has the GuestGoneException as its cause.
 */
public final class LibvirtGuest implements LiveGuest {
  private final Hypervisor hypervisor;
  private final UUID uuid;
  private final String name;
  private final int id;
  private volatile GuestProcess process;

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

  /** libvirt's number of the run, and QEMU's process and its start if it runs on this host. */
  @Override
  public String run() {
    try {
      GuestProcess qemu = process();
      return id + "/" + qemu.pid() + "/" + qemu.startTicks();
    } catch (IOException e) {
      return String.valueOf(id);
    }
  }

  @Override
  public GuestLayout layout() throws IOException {
    throw new MethodUnavailableException("no layout of " + this, null);
  }

  @Override
  public MachineFacts facts() throws IOException {
    HypervisorFacts facts = hypervisor.facts();
    return new MachineFacts(
        facts.type(),
        facts.version(),
        Optional.of(facts.libvirtVersion()),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        List.of());
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

  private GuestProcess process() throws IOException {
    GuestProcess known = process;
    if (known != null) {
      if (!known.isAlive()) {
        throw new GuestGoneException(this + ": QEMU's process " + known.pid() + " ended", null);
      }
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
    try {
      GuestProcess found = GuestProcess.of(monitor(), uuid);
      process = found;
      return found;
    } catch (MethodUnavailableException e) {
      throw e;
    } catch (IOException e) {
      throw gone(e) ? (GuestGoneException) e.getCause() : e;
    }
  }

  private static boolean gone(IOException e) {
    return e.getCause() instanceof GuestGoneException;
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
    ByteBuffer direct =
        target.isDirect()
            ? target
            : ByteBuffer.allocateDirect(Math.min(target.remaining(), LibvirtCalls.PEEK_BYTES));
    while (target.hasRemaining()) {
      int length = Math.min(target.remaining(), LibvirtCalls.PEEK_BYTES);
      ByteBuffer part =
          target.isDirect()
              ? target.slice(target.position(), length)
              : direct.slice(0, length);
      long at = gpa;
      call(
          "cannot read memory at 0x" + Long.toHexString(at) + " of",
          d ->
              done(
                  LIBVIRT.virDomainMemoryPeek(
                      d, at, new SizeT(length), part, LibvirtCalls.MEMORY_PHYSICAL)));
      if (target.isDirect()) {
        target.position(target.position() + length);
      } else {
        target.put(part);
      }
      gpa += length;
    }
  }

  @Override
  public void dumpCore(Path file) throws IOException {
    String path = file.toAbsolutePath().toString();
    pausing(
        1,
        1,
        () ->
            call(
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
          call(
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
    return hypervisor.call(this, what, call);
  }

  private static Boolean done(int result) {
    return result < 0 ? null : Boolean.TRUE;
  }

  @Override
  public String toString() {
    return "guest " + Shown.line(name) + " (" + uuid + ")";
  }
}
