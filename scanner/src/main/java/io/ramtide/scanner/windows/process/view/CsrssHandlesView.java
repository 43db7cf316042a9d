package io.ramtide.scanner.windows.process.view;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.object.HandleTable;
import io.ramtide.schemas.View;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The processes that csrss.exe has handles of: all of its session's that were made after it. Not
 * System, nor csrss itself, nor what csrss was started by.
 */
final class CsrssHandlesView implements ProcessView {
  private static final String CSRSS = "csrss.exe";

  /** One runs in each session; more by that name may be anything. */
  static final int MAX_CSRSS = 1 << 10;

  /** Handles that are looked at, of all of them together. */
  static final int MAX_HANDLES = 1 << 17;

  private static final int PROCESS_TYPE = 3;
  private static final OptionalLong NONE = OptionalLong.empty();

  @Override
  public View view() {
    return View.csrssHandles;
  }

  @Override
  public Seen find(Guest guest, Collection<Known> known) {
    Set<Long> processes = new LinkedHashSet<>();
    List<String> gaps = new ArrayList<>();
    int left = MAX_HANDLES;
    int tables = 0;
    for (Known process : known) {
      OptionalLong table = process.imageName().equals(CSRSS) ? table(guest, process) : NONE;
      if (table.isEmpty()) {
        continue;
      }
      if (tables == MAX_CSRSS || left <= 0) {
        gaps.add("only the first %d tables were read".formatted(tables));
        break;
      }
      tables++;
      HandleTable.Result handles = HandleTable.at(guest, table.getAsLong(), left);
      left -= handles.handles().size();
      gaps.addAll(handles.gaps());
      handles.handles().forEach(handle -> add(guest, handle, processes));
    }
    if (tables == 0) {
      gaps.add("no csrss.exe with a handle table was found");
    }
    return new Seen(processes, gaps);
  }

  /** VA of its handle table; one that has ended has none. */
  private static OptionalLong table(Guest guest, Known process) {
    OptionalLong table =
        guest.space().qword(process.va() + guest.type("EPROCESS").offset("ObjectTable"));
    return table.orElse(0) == 0 ? NONE : table;
  }

  private static void add(Guest guest, HandleTable.Handle handle, Set<Long> processes) {
    long object = handle.pointer() + guest.type("OBJECT_HEADER").offset("Body");
    int type = (int) guest.space().dword(object).orElse(0) & 0xff;
    if (type == PROCESS_TYPE) {
      processes.add(object);
    }
  }
}
