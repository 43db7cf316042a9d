package io.ramtide.scanner.windows.user;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.FactFile;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The structures of user space, as 64-bit or as 32-bit (WoW64) code has them.
 *
 * @param isWow64 whether pointers have four bytes, not eight
 */
record UserLayout(
    boolean isWow64, StructType peb, StructType loader, StructType entry, StructType parameters) {

  /** Structures that the 64-bit kernel's symbols do not have. */
  private static final FactFile WOW64 = FactFile.read(UserLayout.class, "wow64.json");

  /** Structures of 64-bit code. */
  static UserLayout ofNative(Guest guest) {
    return new UserLayout(
        false,
        guest.type("PEB"),
        guest.type("PEB_LDR_DATA"),
        guest.type("LDR_DATA_TABLE_ENTRY"),
        guest.type("RTL_USER_PROCESS_PARAMETERS"));
  }

  /** Structures of 32-bit code on a 64-bit guest; empty if they are not known of its build. */
  static Optional<UserLayout> ofWow64(Guest guest) {
    int build = FactFile.build(guest);
    Optional<StructType> loader = WOW64.type("PEB_LDR_DATA", build);
    Optional<StructType> entry = WOW64.type("LDR_DATA_TABLE_ENTRY", build);
    Optional<StructType> parameters = WOW64.type("RTL_USER_PROCESS_PARAMETERS", build);
    return loader.isPresent() && entry.isPresent() && parameters.isPresent()
        ? Optional.of(
            new UserLayout(true, guest.type("PEB32"), loader.get(), entry.get(), parameters.get()))
        : Optional.empty();
  }

  int pointerBytes() {
    return isWow64 ? Integer.BYTES : Long.BYTES;
  }

  /** A pointer in a structure. */
  OptionalLong pointer(Struct struct, String field) {
    return isWow64 ? struct.u32(field) : struct.u64(field);
  }

  /** The pointer at a VA. */
  OptionalLong pointer(AddressSpace space, long va) {
    return isWow64 ? space.dword(va) : space.qword(va);
  }

  /** Whether such code can use a VA: not 0, and not the kernel's. */
  boolean isUserAddress(AddressSpace space, long va) {
    long limit = isWow64 ? 1L << Integer.SIZE : -space.mode().kernelStart();
    return Long.compareUnsigned(va - 1, limit - 1) < 0;
  }

  /**
   * The UNICODE_STRING, or UNICODE_STRING32, at a VA.
   *
   * @param base VA that its pointer counts from: 0 for an absolute one
   */
  GuestText text(AddressSpace space, long va, long base, int maxUnits) {
    int header = 2 * pointerBytes();
    byte[] bytes = new byte[header];
    AddressSpace.ReadResult read = space.read(va, bytes, 0, header);
    if (!read.isComplete()) {
      return GuestText.missing(read.gap().orElseThrow());
    }
    int length = Byte.toUnsignedInt(bytes[0]) | Byte.toUnsignedInt(bytes[1]) << 8;
    int maximum = Byte.toUnsignedInt(bytes[2]) | Byte.toUnsignedInt(bytes[3]) << 8;
    if (length == 0) {
      return GuestText.of("");
    }
    long buffer = 0;
    for (int i = header - 1; i >= pointerBytes(); i--) {
      buffer = buffer << 8 | Byte.toUnsignedInt(bytes[i]);
    }
    if (length % 2 != 0 || length > maximum || !isUserAddress(space, base + buffer)) {
      return GuestText.missing("not a text");
    }
    return GuestText.utf16(space, base + buffer, length, maxUnits);
  }
}
