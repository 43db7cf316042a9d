package io.ramtide.scanner.windows.process.view;

import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.guest.GuestList;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The processes that own the handle tables of HandleTableListHead, or of the ring around a known
 * process's table where nothing names the head. A process that has ended has no table.
 */
final class HandleTableListView implements ProcessView {
  /** A table a process. */
  static final int MAX_TABLES = 1 << 16;

  @Override
  public View view() {
    return View.handleTableList;
  }

  @Override
  public Seen find(Guest guest, Collection<Known> known) {
    StructType table = guest.type("HANDLE_TABLE");
    int links = table.offset("HandleTableList");
    OptionalLong start = start(guest, known, links);
    if (start.isEmpty()) {
      return new Seen(
          Set.of(),
          List.of("nothing names HandleTableListHead: no exact symbols, and no handle table"));
    }
    GuestList list = GuestList.walk(guest, start.getAsLong(), MAX_TABLES);
    List<String> gaps = new ArrayList<>();
    list.trouble().ifPresent(gaps::add);
    Set<Long> entries = new LinkedHashSet<>(list.entries());
    entries.add(start.getAsLong());
    entries.removeIf(guest.kernel()::contains);
    Set<Long> processes = new LinkedHashSet<>();
    int unreadable = 0;
    for (long entry : entries) {
      OptionalLong owner = guest.space().qword(entry - links + table.offset("QuotaProcess"));
      if (owner.isEmpty()) {
        unreadable++;
      } else if (guest.isKernelAddress(owner.getAsLong())) {
        processes.add(owner.getAsLong());
      }
    }
    if (unreadable > 0) {
      gaps.add("the owners of %d handle tables cannot be read".formatted(unreadable));
    }
    return new Seen(processes, gaps);
  }

  private static OptionalLong start(Guest guest, Collection<Known> known, int links) {
    OptionalLong head = guest.symbol("HandleTableListHead");
    int field = guest.type("EPROCESS").offset("ObjectTable");
    return head.isPresent()
        ? head
        : known.stream()
            .map(process -> guest.space().qword(process.va() + field))
            .filter(table -> table.isPresent() && guest.isKernelAddress(table.getAsLong()))
            .mapToLong(table -> table.getAsLong() + links)
            .filter(entry -> guest.space().qword(entry).isPresent())
            .findFirst();
  }
}
