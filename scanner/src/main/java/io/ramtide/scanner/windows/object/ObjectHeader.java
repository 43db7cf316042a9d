package io.ramtide.scanner.windows.object;

import io.ramtide.scanner.paging.Translation;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The OBJECT_HEADER before an object of the object manager. */
public final class ObjectHeader {
  /** References are counted in thousands a handle since Windows 8.1; no guest has more. */
  private static final long MAX_COUNT = 1L << 32;

  private static final String NAME_INFO = "OBJECT_HEADER_NAME_INFO";

  private final Guest guest;
  private final OptionalHeaders optional;
  private final Struct fields;

  ObjectHeader(Guest guest, OptionalHeaders optional, long va) {
    this.guest = guest;
    this.optional = optional;
    this.fields = guest.struct("OBJECT_HEADER", va);
  }

  /** VA of the header. */
  public long va() {
    return fields.va();
  }

  /** VA of the object behind it. */
  public long objectVa() {
    return fields.address("Body");
  }

  /** Why it cannot be read. */
  public Optional<Translation> gap() {
    return fields.gap("TypeIndex");
  }

  /** TypeIndex as it stands there: since Windows 10 it is encoded. */
  public OptionalInt rawTypeIndex() {
    return fields.u8("TypeIndex");
  }

  /** Bits that say which headers precede it. */
  public OptionalInt infoMask() {
    return fields.u8("InfoMask");
  }

  /** Number of references. */
  public OptionalLong pointerCount() {
    return fields.u64("PointerCount");
  }

  /** Number of open handles. */
  public OptionalLong handleCount() {
    return fields.u64("HandleCount");
  }

  /** Its name information: Name, and the Directory it is in; empty if it has none. */
  public Optional<Struct> nameInfo() {
    OptionalInt distance = optional.distance(infoMask().orElse(0), NAME_INFO);
    return distance.isPresent()
        ? Optional.of(guest.struct(NAME_INFO, va() - distance.getAsInt()))
        : Optional.empty();
  }

  /** Whether counts and bits are such as the object manager writes. */
  boolean isPlausible() {
    long references = pointerCount().orElse(-1);
    long handles = handleCount().orElse(-1);
    return infoMask().isPresent()
        && optional.isKnown(infoMask().getAsInt())
        && references >= 0
        && references < MAX_COUNT
        && handles >= 0
        && handles < MAX_COUNT;
  }
}
