package io.ramtide.scanner.windows.user;

import io.ramtide.scanner.paging.Translation;
import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import java.util.OptionalLong;

/** The RTL_USER_PROCESS_PARAMETERS of a PEB. The process itself may have changed them. */
final class Parameters {
  /** Status of what its process never had. */
  static final String NOT_SET = "not set";

  private static final long NORMALIZED = 1;

  private final Peb peb;
  private final Struct struct;
  private final String missing;

  private Parameters(Peb peb, Struct struct, String missing) {
    this.peb = peb;
    this.struct = struct;
    this.missing = missing;
  }

  static Parameters of(Peb peb) {
    if (peb.isMissing()) {
      return new Parameters(peb, null, peb.missing());
    }
    UserLayout layout = peb.layout();
    long va = layout.pointer(peb.struct(), "ProcessParameters").orElseThrow();
    if (va == 0) {
      return new Parameters(peb, null, NOT_SET);
    }
    if (!layout.isUserAddress(peb.space(), va)) {
      return new Parameters(peb, null, "outside user space");
    }
    return new Parameters(peb, Struct.read(peb.space(), layout.parameters(), va), null);
  }

  GuestText imagePath() {
    return text("ImagePathName", GuestText.MAX_NAME);
  }

  GuestText commandLine() {
    return text("CommandLine", GuestText.MAX_COMMAND_LINE);
  }

  GuestText currentDirectory() {
    // The CURDIR begins with its path.
    return text("CurrentDirectory", GuestText.MAX_NAME);
  }

  private GuestText text(String field, int maxUnits) {
    if (missing != null) {
      return GuestText.missing(missing);
    }
    OptionalLong flags = struct.u32("Flags");
    if (flags.isEmpty()) {
      return GuestText.missing(struct.gap("Flags").orElseThrow());
    }
    // Before the loader has run, pointers count from the start of the block.
    long base = (flags.getAsLong() & NORMALIZED) != 0 ? 0 : struct.va();
    return peb.layout().text(peb.space(), struct.address(field), base, maxUnits);
  }

  /** Why there are none; null if there are. */
  String missing() {
    return missing;
  }

  /** VA of the environment block: 0 for none, empty if that cannot be read. */
  OptionalLong environment() {
    return peb.layout().pointer(struct, "Environment");
  }

  /** Why a field cannot be read. */
  Translation gap(String field) {
    return struct.gap(field).orElseThrow();
  }

  /** Bytes of the environment block, 0 if it does not say. */
  long environmentSize() {
    return peb.layout().pointer(struct, "EnvironmentSize").orElse(0);
  }

  Peb peb() {
    return peb;
  }
}
