package io.ramtide.scanner.windows.user;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestProcess;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A process environment block: the native one, or the 32-bit one of a WoW64 process; or why there
 * is none.
 *
 * @param layout null if there is none
 * @param struct null if there is none
 * @param missing why there is none; null if there is one
 */
record Peb(UserLayout layout, Struct struct, String missing) {
  /** The process has no PEB, as the kernel's own processes. */
  static final String NO_USER_SPACE = "no user space";

  /** The process has ended, and its user space with it. */
  static final String EXITED = "exited";

  private static Peb missing(GuestProcess process, String why) {
    // What an ended process left behind cannot be told from what was never there.
    return new Peb(null, null, process.hasExited() ? EXITED : why);
  }

  boolean isMissing() {
    return struct == null;
  }

  /** Whether there is one, or should be one that cannot be read. */
  boolean isExpected() {
    return struct != null || !(missing.equals(NO_USER_SPACE) || missing.equals(EXITED));
  }

  long va() {
    return struct.va();
  }

  AddressSpace space() {
    return struct.space();
  }

  /** The native PEB, which every process with a user space has. */
  static Peb ofNative(GuestProcess process) {
    Optional<Struct> object = process.object();
    if (object.isEmpty()) {
      return missing(process, "EPROCESS has no known address");
    }
    OptionalLong va = object.get().u64("Peb");
    if (va.isEmpty()) {
      return missing(process, object.get().gap("Peb").orElseThrow().status());
    }
    return va.getAsLong() == 0
        ? missing(process, NO_USER_SPACE)
        : at(process, UserLayout.ofNative(process.guest()), va.getAsLong());
  }

  /** The 32-bit PEB; empty if the process is none of WoW64, or that cannot be known. */
  static Optional<Peb> ofWow64(GuestProcess process) {
    long va = wow64Pointer(process).orElse(0);
    if (va == 0) {
      return Optional.empty();
    }
    Guest guest = process.guest();
    if (!guest.isKernelAddress(va)) {
      // Up to Windows 8.1 it is the PEB's address itself.
      return Optional.of(at(process, UserLayout.ofWow64(guest), va));
    }
    if (!guest.layout().has("EWOW64PROCESS")) {
      return Optional.of(missing(process, "not a PEB"));
    }
    Struct wow64 = guest.struct("EWOW64PROCESS", va);
    OptionalLong peb = wow64.u64("Peb");
    return Optional.of(
        peb.isEmpty()
            ? missing(process, wow64.gap("Peb").orElseThrow().status())
            : at(process, UserLayout.ofWow64(guest), peb.getAsLong()));
  }

  /** EPROCESS.Wow64Process: not 0 in a 32-bit process; empty if it cannot be read. */
  static OptionalLong wow64Pointer(GuestProcess process) {
    Optional<Struct> object = process.object();
    return object.isPresent() && object.get().has("Wow64Process")
        ? object.get().u64("Wow64Process")
        : OptionalLong.empty();
  }

  private static Peb at(GuestProcess process, UserLayout layout, long va) {
    Optional<AddressSpace> space = process.space();
    if (space.isEmpty()) {
      return missing(process, "page tables not captured");
    }
    if (!layout.isUserAddress(space.get(), va)) {
      return missing(process, "not a PEB");
    }
    Struct struct = Struct.read(space.get(), layout.peb(), va);
    OptionalLong parameters = layout.pointer(struct, "ProcessParameters");
    return parameters.isPresent()
        ? new Peb(layout, struct, null)
        : missing(process, struct.gap("ProcessParameters").orElseThrow().status());
  }
}
