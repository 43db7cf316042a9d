package io.ramtide.scanner.windows.user;

import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.guest.Struct;
import io.ramtide.scanner.windows.user.LoaderLists.Order;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A module of a process.
 *
 * @param peb whose loader has it; null for an image without loader entry
 * @param entryVa of its LDR_DATA_TABLE_ENTRY; 0 for an image without one
 * @param base VA
 * @param size bytes; 0 if not known
 * @param orders lists it is on
 */
record Module(Peb peb, long entryVa, long base, long size, Set<Order> orders) {
  /** Status of the name of an image that no loader list has. */
  static final String NO_ENTRY = "no loader entry";

  boolean isWow64() {
    return peb != null && peb.layout().isWow64();
  }

  /** BaseDllName. */
  GuestText name() {
    return text("BaseDllName");
  }

  /** FullDllName. */
  GuestText path() {
    return text("FullDllName");
  }

  private GuestText text(String field) {
    if (peb == null) {
      return GuestText.missing(NO_ENTRY);
    }
    UserLayout layout = peb.layout();
    long va = entryVa + layout.entry().offset(field);
    return layout.text(peb.space(), va, 0, GuestText.MAX_NAME);
  }

  /** VA; empty if it has none or that cannot be read. */
  OptionalLong entryPoint() {
    if (peb == null) {
      return OptionalLong.empty();
    }
    OptionalLong va = peb.layout().pointer(entry(), "EntryPoint");
    return va.orElse(0) == 0 ? OptionalLong.empty() : va;
  }

  /** 100 ns since 1601 UTC; empty if it has none or that cannot be read. */
  OptionalLong loadTime() {
    if (peb == null || !peb.layout().entry().has("LoadTime")) {
      return OptionalLong.empty();
    }
    OptionalLong time = entry().u64("LoadTime");
    return time.orElse(0) == 0 ? OptionalLong.empty() : time;
  }

  private Struct entry() {
    return Struct.read(peb.space(), peb.layout().entry(), entryVa);
  }
}
