package io.ramtide.scanner.windows.token;

import io.ramtide.scanner.paging.AddressSpace.ReadResult;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Security identifiers as text: "S-1-5-18". */
final class Sid {
  private static final int REVISION = 1;

  /** SID_MAX_SUB_AUTHORITIES. */
  private static final int MAX_SUB_AUTHORITIES = 15;

  private static final int AUTHORITY_BYTES = 6;

  private Sid() {}

  /** The SID at a VA. Its identifier authority is big-endian. */
  static GuestText read(Guest guest, long va) {
    StructType type = guest.type("SID");
    int subs = type.offset("SubAuthority");
    byte[] bytes = new byte[subs + MAX_SUB_AUTHORITIES * Integer.BYTES];
    ReadResult read = guest.space().read(va, bytes, 0, bytes.length);
    int count = read.bytes() < subs ? 0 : bytes[type.offset("SubAuthorityCount")] & 0xff;
    if (read.bytes() < subs + Math.min(count, MAX_SUB_AUTHORITIES) * Integer.BYTES) {
      return GuestText.missing(read.gap().orElseThrow());
    }
    if (bytes[type.offset("Revision")] != REVISION || count > MAX_SUB_AUTHORITIES) {
      return GuestText.missing("not a SID");
    }
    long authority = 0;
    for (int i = 0; i < AUTHORITY_BYTES; i++) {
      int next = bytes[type.offset("IdentifierAuthority") + i] & 0xff;
      authority = (authority << Byte.SIZE) | next;
    }
    StringBuilder text = new StringBuilder("S-1-").append(authority);
    ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      text.append('-').append(Integer.toUnsignedLong(fields.getInt(subs + i * Integer.BYTES)));
    }
    return GuestText.of(text.toString());
  }
}
