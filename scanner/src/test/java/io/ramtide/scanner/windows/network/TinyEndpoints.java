package io.ramtide.scanner.windows.network;

import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.TinyGuest;
import io.ramtide.scanner.windows.network.EndpointType.Kind;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Endpoints written by hand, as a type has them, in a guest with one process. */
final class TinyEndpoints {
  static final long TIME = 132_000_000_000_000_000L;
  static final String IPV4 = "0a141e28";
  static final String IPV6 = "20010db8000000000000000000000007";
  static final String REMOTE4 = "cb007105";
  static final String REMOTE6 = "20010db8feed00000000000000005e1b";

  final TinyGuest tiny = new TinyGuest(SymbolStore.shipped().layout("win10-19041"));
  final GuestProcess process = tiny.process();
  final Guest guest = process.guest();
  final EndpointReader reader;

  TinyEndpoints() {
    process.finding().setImageName("tiny.exe");
    reader = new EndpointReader(guest, new Owners(guest, List.of(process)));
  }

  /** The first type of a kind that a build may have, with a fixed Owner. */
  static EndpointType type(Kind kind, int build) {
    return EndpointType.candidates(kind, build).stream()
        .filter(EndpointType.Candidate::isFixed)
        .findFirst()
        .orElseThrow()
        .type();
  }

  /**
   * An endpoint of the process, from port 49701 to port 443, ESTABLISHED.
   *
   * @param local bytes in hex; null: any
   * @param remote bytes in hex; null: none
   */
  long write(EndpointType type, int family, String local, String remote) {
    long va = tiny.alloc(Math.max(type.size(), 0x100));
    lead(type.family(), va, new byte[] {(byte) family, 0});
    if (local != null) {
      lead(type.local(), va, HexFormat.of().parseHex(local));
    }
    if (type.remote() != null && remote != null) {
      lead(type.remote(), va, HexFormat.of().parseHex(remote));
    }
    set(type, va, EndpointType.STATE, 4, 4);
    set(type, va, EndpointType.LOCAL_PORT, 2, 0x25c2); // 49701, big-endian
    set(type, va, EndpointType.REMOTE_PORT, 2, 0xbb01); // 443
    set(type, va, EndpointType.OWNER, 8, tiny.process);
    set(type, va, EndpointType.CREATE_TIME, 8, TIME);
    return va;
  }

  /** Sets a field, if the type has it. */
  void set(EndpointType type, long va, String field, int bytes, long value) {
    if (type.fields().has(field)) {
      tiny.put(va + type.fields().offset(field), bytes, value);
    }
  }

  /** Makes a path lead to bytes; what is on the way already stays. */
  void lead(PointerPath path, long va, byte[] bytes) {
    long at = va + path.offsets().get(0);
    for (int offset : path.offsets().subList(1, path.offsets().size())) {
      long next = guest.space().qword(at).orElse(0);
      if (next == 0) {
        next = tiny.alloc(0x40);
        tiny.put(at, 8, next);
      }
      at = next + offset;
    }
    tiny.put(at, bytes);
  }

  Optional<Endpoint> read(EndpointType type, long va) {
    return reader.read(type, va, false);
  }

  Optional<Endpoint> readFreed(EndpointType type, long va) {
    return reader.read(type, va, true);
  }
}
