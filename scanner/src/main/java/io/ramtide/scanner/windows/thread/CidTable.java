package io.ramtide.scanner.windows.thread;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.object.HandleTable;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * PspCidTable, the table of the IDs of processes and threads: it points at the objects themselves.
 *
 * @param processes VAs of what has the dispatcher header of a process
 * @param threads VAs of what has the dispatcher header of a thread
 * @param gaps what could not be read, and why; with one, absence means nothing
 */
public record CidTable(List<Long> processes, List<Long> threads, List<String> gaps) {
  /** IDs that are taken; a busy server has some 10^4. */
  static final int MAX_IDS = 1 << 18;

  private static final int PROCESS_TYPE = 3;

  /** The guest's; read once. */
  public static CidTable of(Guest guest) {
    return guest.once(CidTable.class, CidTable::read);
  }

  private static CidTable read(Guest guest) {
    OptionalLong variable = guest.symbol("PspCidTable");
    if (variable.isEmpty()) {
      String why = "nothing names PspCidTable: no exact symbols, no KDBG";
      return new CidTable(List.of(), List.of(), List.of(why));
    }
    OptionalLong table = guest.space().qword(variable.getAsLong());
    if (table.isEmpty()) {
      String why = "PspCidTable: " + guest.space().locate(variable.getAsLong()).text();
      return new CidTable(List.of(), List.of(), List.of(why));
    }
    HandleTable.Result ids = HandleTable.at(guest, table.getAsLong(), MAX_IDS);
    List<Long> processes = new ArrayList<>();
    List<Long> threads = new ArrayList<>();
    List<String> gaps = new ArrayList<>(ids.gaps());
    int unreadable = 0;
    for (HandleTable.Handle id : ids.handles()) {
      OptionalLong header = guest.space().dword(id.pointer());
      int type = (int) header.orElse(0) & 0xff;
      unreadable += header.isEmpty() ? 1 : 0;
      if (type == PROCESS_TYPE) {
        processes.add(id.pointer());
      } else if (type == RawThread.DISPATCHER_TYPE) {
        threads.add(id.pointer());
      }
    }
    if (unreadable > 0) {
      gaps.add("%d objects of PspCidTable cannot be read".formatted(unreadable));
    }
    return new CidTable(processes, threads, gaps);
  }
}
