package io.ramtide.scanner.windows.token;

import io.ramtide.scanner.paging.AddressSpace.ReadResult;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Security identifiers as text: "S-1-5-18". */
public final class Sid {
  private static final int REVISION = 1;

  /** SID_MAX_SUB_AUTHORITIES. */
  private static final int MAX_SUB_AUTHORITIES = 15;

  private static final int AUTHORITY_BYTES = 6;
  private static final GuestText CUT = GuestText.missing("cut");

  private Sid() {}

  /** The SID at a VA. */
  static GuestText read(Guest guest, long va) {
    StructType type = guest.type("SID");
    byte[] bytes = new byte[type.offset("SubAuthority") + MAX_SUB_AUTHORITIES * Integer.BYTES];
    ReadResult read = guest.space().read(va, bytes, 0, bytes.length);
    GuestText sid = parse(type, ByteBuffer.wrap(bytes, 0, read.bytes()).slice());
    return sid.equals(CUT) && !read.isComplete()
        ? GuestText.missing(read.gap().orElseThrow())
        : sid;
  }

  /**
   * The SID that some bytes begin with. Its identifier authority is big-endian.
   *
   * @param type layout of SID
   */
  public static GuestText parse(StructType type, ByteBuffer bytes) {
    ByteBuffer fields = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int subs = type.offset("SubAuthority");
    if (fields.limit() < subs) {
      return CUT;
    }
    int count = fields.get(type.offset("SubAuthorityCount")) & 0xff;
    if (fields.get(type.offset("Revision")) != REVISION || count > MAX_SUB_AUTHORITIES) {
      return GuestText.missing("not a SID");
    }
    if (fields.limit() < subs + count * Integer.BYTES) {
      return CUT;
    }
    long authority = 0;
    for (int i = 0; i < AUTHORITY_BYTES; i++) {
      int next = fields.get(type.offset("IdentifierAuthority") + i) & 0xff;
      authority = (authority << Byte.SIZE) | next;
    }
    StringBuilder text = new StringBuilder("S-1-").append(authority);
    for (int i = 0; i < count; i++) {
      text.append('-').append(Integer.toUnsignedLong(fields.getInt(subs + i * Integer.BYTES)));
    }
    return GuestText.of(text.toString());
  }
}
