package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The names of object types by their index, from ObTypeIndexTable, and the cookie that since
 * Windows 10 encodes the index in every header.
 */
public final class ObjectTypes {
  /** An index is one byte. */
  private static final int MAX_TYPES = 256;

  /** Names are of letters: "ALPC Port", "TmTm", ... */
  private static final int MAX_NAME = 64;

  /** Entries 0 and 1 are not types. */
  static final int FIRST = 2;

  /** No type is known. */
  static final ObjectTypes NONE = new ObjectTypes(Map.of(), OptionalInt.empty());

  private final Map<Integer, String> names;
  private final OptionalInt cookie;

  ObjectTypes(Map<Integer, String> names, OptionalInt cookie) {
    this.names = Map.copyOf(names);
    this.cookie = cookie;
  }

  /** By the kernel's own variables; empty where they are not known or cannot be read. */
  static Optional<ObjectTypes> bySymbols(Guest guest) {
    OptionalLong table = guest.symbol("ObTypeIndexTable");
    OptionalLong cookieVa = guest.symbol("ObHeaderCookie");
    OptionalLong cookie =
        cookieVa.isPresent() ? guest.space().dword(cookieVa.getAsLong()) : OptionalLong.of(0);
    if (table.isEmpty() || cookie.isEmpty()) {
      return Optional.empty();
    }
    Map<Integer, String> names = new TreeMap<>();
    for (int i = FIRST; i < MAX_TYPES; i++) {
      OptionalLong type = guest.space().qword(table.getAsLong() + (long) i * Long.BYTES);
      if (type.isEmpty() || !guest.isKernelAddress(type.getAsLong())) {
        break;
      }
      int index = i;
      name(guest, type.getAsLong()).ifPresent(name -> names.put(index, name));
    }
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ObjectTypes(
                names,
                cookieVa.isPresent()
                    ? OptionalInt.of((int) cookie.getAsLong() & 0xff)
                    : OptionalInt.empty()));
  }

  /** The name of the OBJECT_TYPE at a VA; empty if it is none or cannot be read. */
  static Optional<String> name(Guest guest, long va) {
    Struct type = guest.struct("OBJECT_TYPE", va);
    GuestText name = GuestText.unicodeString(guest.space(), type.address("Name"), MAX_NAME);
    boolean plain =
        name.value() != null
            && !name.value().isEmpty()
            && name.value().chars().allMatch(c -> c == ' ' || Character.isLetterOrDigit(c));
    return plain ? Optional.of(name.value()) : Optional.empty();
  }

  /** The index a header encodes; empty if the header cannot be read. */
  OptionalInt index(ObjectHeader header) {
    OptionalInt raw = header.rawTypeIndex();
    if (raw.isEmpty() || cookie.isEmpty()) {
      return raw;
    }
    int secondByte = (int) (header.va() >>> Byte.SIZE);
    return OptionalInt.of((secondByte ^ cookie.getAsInt() ^ raw.getAsInt()) & 0xff);
  }

  /** The name of an object's type; empty if the header cannot be read or no type has its index. */
  public Optional<String> of(ObjectHeader header) {
    OptionalInt index = index(header);
    return index.isPresent() ? Optional.ofNullable(names.get(index.getAsInt())) : Optional.empty();
  }

  OptionalInt cookie() {
    return cookie;
  }

  /** Whether any type is known. */
  public boolean isKnown() {
    return !names.isEmpty();
  }

  /** Names by index. */
  public Map<Integer, String> names() {
    return names;
  }
}
