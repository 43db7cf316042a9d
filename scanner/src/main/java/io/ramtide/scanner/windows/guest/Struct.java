package io.ramtide.scanner.windows.guest;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.AddressSpace.Piece;
import io.ramtide.scanner.paging.AddressSpace.ReadResult;
import io.ramtide.scanner.paging.Translation;
import io.ramtide.scanner.symbols.StructType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A structure in virtual memory, read at once, as far as its pages can be read. A field is empty
 * where a page that holds it is missing. Numbers are little-endian and unsigned.
 */
public final class Struct {
  private final AddressSpace space;
  private final StructType type;
  private final long va;
  private final ByteBuffer bytes;
  private final List<Piece> gaps;

  private Struct(AddressSpace space, StructType type, long va, byte[] bytes, List<Piece> gaps) {
    this.space = space;
    this.type = type;
    this.va = va;
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.gaps = gaps;
  }

  /** Reads the structure at {@code va}. */
  public static Struct read(AddressSpace space, StructType type, long va) {
    byte[] bytes = new byte[type.size()];
    ReadResult read = space.readAround(va, bytes, 0, bytes.length);
    return new Struct(space, type, va, bytes, read.gaps());
  }

  public AddressSpace space() {
    return space;
  }

  public StructType type() {
    return type;
  }

  public long va() {
    return va;
  }

  /** GPA of its first byte, if that can be read. */
  public OptionalLong gpa() {
    return space.gpa(va);
  }

  public boolean isComplete() {
    return gaps.isEmpty();
  }

  /** Why its first missing byte is missing. */
  public Optional<Translation> gap() {
    return gaps.isEmpty() ? Optional.empty() : Optional.of(gaps.get(0).why());
  }

  /** Why a field is missing; empty if its first byte is there. */
  public Optional<Translation> gap(String field) {
    int at = type.offset(field);
    return gaps.stream()
        .filter(gap -> gap.offset() <= at && at < gap.end())
        .map(Piece::why)
        .findFirst();
  }

  /** Whether this build has the field. */
  public boolean has(String field) {
    return type.has(field);
  }

  /** VA of a field. */
  public long address(String field) {
    return va + type.offset(field);
  }

  public OptionalInt u8(String field) {
    int at = type.offset(field);
    return isRead(at, 1) ? OptionalInt.of(bytes.get(at) & 0xff) : OptionalInt.empty();
  }

  public OptionalInt u16(String field) {
    int at = type.offset(field);
    return isRead(at, 2) ? OptionalInt.of(bytes.getShort(at) & 0xffff) : OptionalInt.empty();
  }

  public OptionalLong u32(String field) {
    int at = type.offset(field);
    return isRead(at, 4)
        ? OptionalLong.of(Integer.toUnsignedLong(bytes.getInt(at)))
        : OptionalLong.empty();
  }

  public OptionalLong u64(String field) {
    int at = type.offset(field);
    return isRead(at, 8) ? OptionalLong.of(bytes.getLong(at)) : OptionalLong.empty();
  }

  /** The value of a bit field. */
  public OptionalLong bits(String field) {
    StructType.Field place = type.field(field);
    int length = (place.firstBit() + place.bits() + 7) / 8;
    if (!isRead(place.offset(), length)) {
      return OptionalLong.empty();
    }
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = (value << 8) | (bytes.get(place.offset() + i) & 0xff);
    }
    return OptionalLong.of(place.in(value));
  }

  private boolean isRead(int at, int length) {
    if (at + length > bytes.limit()) {
      return false;
    }
    for (Piece gap : gaps) {
      if (at < gap.end() && gap.offset() < at + length) {
        return false;
      }
    }
    return true;
  }
}
