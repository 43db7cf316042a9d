package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.scan.GuestScan;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * KUSER_SHARED_DATA, the page that Windows maps at the same address in every process.
 *
 * @param systemTime guest time, 100 ns since 1601 UTC
 * @param build only from Windows 10 on: earlier ones have no build number there
 */
record UserSharedData(int major, int minor, OptionalInt build, long systemTime) {
  private static final long ADDRESS = GuestScan.USER_SHARED_DATA;

  /** From this major version on, the structure has a build number. */
  private static final int WITH_BUILD = 10;

  private static final long MIN_MAJOR = 6;
  private static final long MAX_MAJOR = 10;
  private static final long MAX_MINOR = 3;

  /** Reads it; empty if its page cannot be read or holds something else. */
  static Optional<UserSharedData> read(AddressSpace space) {
    StructType type = SymbolStore.shipped().common().type("KUSER_SHARED_DATA");
    OptionalLong major = space.dword(ADDRESS + type.offset("NtMajorVersion"));
    OptionalLong minor = space.dword(ADDRESS + type.offset("NtMinorVersion"));
    OptionalLong build = space.dword(ADDRESS + type.offset("NtBuildNumber"));
    OptionalLong time = space.qword(ADDRESS + type.offset("SystemTime"));
    if (major.isEmpty()
        || minor.isEmpty()
        || build.isEmpty()
        || time.isEmpty()
        || major.getAsLong() < MIN_MAJOR
        || major.getAsLong() > MAX_MAJOR
        || minor.getAsLong() > MAX_MINOR
        || time.getAsLong() <= 0) {
      return Optional.empty();
    }
    boolean hasBuild = major.getAsLong() >= WITH_BUILD;
    // The high bits tell checked from free builds.
    int number = (int) build.getAsLong() & 0xffff;
    return Optional.of(
        new UserSharedData(
            (int) major.getAsLong(),
            (int) minor.getAsLong(),
            hasBuild ? OptionalInt.of(number) : OptionalInt.empty(),
            time.getAsLong()));
  }
}
