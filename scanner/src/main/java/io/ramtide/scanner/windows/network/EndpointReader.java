package io.ramtide.scanner.windows.network;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.network.Endpoint.Side;
import io.ramtide.scanner.windows.network.EndpointType.Kind;
import io.ramtide.scanner.windows.network.Owners.Owner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads an endpoint where one may be, and tells it from what only has its tag. It is one if its
 * address family is that of IPv4 or IPv6, its state and ports can be, and its owner is a process.
 * Where a capture lacks the owner, or the block is free and the process gone, its addresses must be
 * readable and its create time one.
 */
final class EndpointReader {
  /** 1980 in 100 ns since 1601. */
  private static final long FIRST_TIME = 119_600_064_000_000_000L;

  private static final long YEAR = 315_576_000_000_000L;

  /** 2200, for a guest whose clock is not known. */
  private static final long LAST_TIME = 600 * YEAR;

  /** Why an address cannot be read where no endpoint has one. */
  private static final Set<String> NOWHERE =
      Set.of(Endpoint.NONE, "no valid address", "not mapped");

  private static final int CLOSED = 0;
  private static final int DELETED = 13;

  private final Guest guest;
  private final Owners owners;
  private final long lastTime;
  private final Map<String, Integer> unjudged = new TreeMap<>();

  EndpointReader(Guest guest, Owners owners) {
    this.guest = guest;
    this.owners = owners;
    OptionalLong now = guest.kernel().guestTime();
    this.lastTime = now.isPresent() ? now.getAsLong() + YEAR : LAST_TIME;
  }

  /** Places that may be endpoints but lack what says so, by the reason, for what {@link #read}. */
  Map<String, Integer> unjudged() {
    return unjudged;
  }

  /**
   * The endpoint at a VA.
   *
   * @param mayLackOwner whether its block is free, so that its owner may have ended since, or a
   *     table leads to it, whatever owner somebody wrote there
   */
  Optional<Endpoint> read(EndpointType type, long va, boolean mayLackOwner) {
    OptionalLong gpa = guest.space().gpa(va);
    if (gpa.isEmpty()) {
      return Optional.empty();
    }
    Struct fields = Struct.read(guest.space(), type.fields(), va);
    if (!hasState(type, fields)) {
      return Optional.empty();
    }
    int version = ipVersion(type, va);
    if (version == 0) {
      return Optional.empty();
    }
    Owner owner = type.fields().has(EndpointType.OWNER) ? owners.of(fields) : null;
    Endpoint endpoint =
        new Endpoint(
            type.kind(),
            va,
            gpa.getAsLong(),
            version,
            state(type, fields),
            side(type, type.local(), version, va, port(fields, EndpointType.LOCAL_PORT)),
            type.remote() == null
                ? null
                : side(type, type.remote(), version, va, port(fields, EndpointType.REMOTE_PORT)),
            owner,
            createTime(type, fields));
    return isOne(type, endpoint, mayLackOwner) ? Optional.of(endpoint) : Optional.empty();
  }

  private static boolean isOne(EndpointType type, Endpoint endpoint, boolean mayLackOwner) {
    boolean hasTime = endpoint.createTime() != null || !type.fields().has(EndpointType.CREATE_TIME);
    Owner owner = endpoint.owner();
    if (owner == null) {
      return hasTime
          && mayBe(endpoint.local(), endpoint.ipVersion())
          && mayBe(endpoint.remote(), endpoint.ipVersion());
    }
    boolean mayBeGone = mayLackOwner && Owners.NO_PROCESS.equals(owner.status());
    return owner.isKnown()
        || ((mayBeGone || !owner.isThere()) && hasTime && endpoint.addressStatus() == null);
  }

  /** Whether it is an address, or one in a page that is elsewhere. */
  private static boolean mayBe(Side side, int version) {
    return side.address() == null
        ? !NOWHERE.contains(side.status())
        : !side.address().equals(IpAddress.any(version));
  }

  /** Whether its numbers can be those of an endpoint: cheap, before any pointer is followed. */
  private static boolean hasState(EndpointType type, Struct fields) {
    int local = port(fields, EndpointType.LOCAL_PORT);
    int remote = type.remote() == null ? 0 : port(fields, EndpointType.REMOTE_PORT);
    if (local < 0 || remote < 0) {
      return false;
    }
    if (type.kind() == Kind.udp) {
      return true; // Port 0: not bound yet.
    }
    if (type.kind() == Kind.listener) {
      return local != 0;
    }
    long state = type.kind() == Kind.timeWait ? 1 : fields.u32(EndpointType.STATE).orElse(-1);
    boolean mayLackPorts = state == CLOSED || state == DELETED;
    return (type.kind() == Kind.timeWait || EndpointType.state(state) != null)
        && (mayLackPorts || (local != 0 && remote != 0));
  }

  private static String state(EndpointType type, Struct fields) {
    return switch (type.kind()) {
      case connection -> EndpointType.state(fields.u32(EndpointType.STATE).orElse(-1));
      case timeWait -> "TIME_WAIT";
      case listener -> "LISTENING";
      case udp -> null;
    };
  }

  /** Big-endian; -1 if it cannot be read. */
  private static int port(Struct fields, String field) {
    int value = fields.u16(field).orElse(-1);
    return value < 0 ? value : Short.toUnsignedInt(Short.reverseBytes((short) value));
  }

  /** 0 if its address family is none, or cannot be read. */
  private int ipVersion(EndpointType type, long va) {
    PointerPath.End end = type.family().from(guest, va);
    if (end.va().isEmpty()) {
      note(end.status());
      return 0;
    }
    byte[] family = new byte[Short.BYTES];
    long at = end.va().getAsLong();
    if (guest.space().read(at, family, 0, family.length).bytes() < family.length) {
      note(guest.space().locate(at).status());
      return 0;
    }
    ByteBuffer number = ByteBuffer.wrap(family).order(ByteOrder.LITTLE_ENDIAN);
    return EndpointType.ipVersion(number.getShort() & 0xffff);
  }

  /**
   * Only what a capture lacks says nothing; an address that nothing is at belongs to no endpoint.
   */
  private void note(String status) {
    if (status != null && (status.equals("not captured") || status.equals("could not be read"))) {
      unjudged.merge(status, 1, Integer::sum);
    }
  }

  private Side side(EndpointType type, PointerPath path, int version, long va, int port) {
    PointerPath.End end = path.from(guest, va);
    if (end.isNull()) {
      boolean takesAny = type.kind() == Kind.listener || type.kind() == Kind.udp;
      return takesAny
          ? new Side(IpAddress.any(version), null, port)
          : new Side(null, Endpoint.NONE, port);
    }
    if (end.va().isEmpty()) {
      return new Side(null, end.status(), port);
    }
    byte[] address = new byte[IpAddress.bytes(version)];
    long at = end.va().getAsLong();
    var read = guest.space().read(at, address, 0, address.length);
    return read.isComplete()
        ? new Side(IpAddress.text(address), null, port)
        : new Side(null, read.gap().orElseThrow().status(), port);
  }

  private Long createTime(EndpointType type, Struct fields) {
    if (!type.fields().has(EndpointType.CREATE_TIME)) {
      return null;
    }
    long time = fields.u64(EndpointType.CREATE_TIME).orElse(0);
    return time >= FIRST_TIME && time <= lastTime ? time : null;
  }
}
