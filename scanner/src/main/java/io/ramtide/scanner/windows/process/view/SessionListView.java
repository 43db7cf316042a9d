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
 * The processes of the sessions that known processes are in: MM_SESSION_SPACE.ProcessList. System
 * and what runs before the first session are in none, and a process leaves its session when it
 * ends.
 */
final class SessionListView implements ProcessView {
  /** A terminal server has some hundreds. */
  static final int MAX_SESSIONS = 1 << 12;

  /** Entries that are walked, of all sessions together. */
  static final int MAX_ENTRIES = 1 << 16;

  @Override
  public View view() {
    return View.sessionList;
  }

  @Override
  public Seen find(Guest guest, Collection<Known> known) {
    StructType process = guest.type("EPROCESS");
    int head = guest.type("MM_SESSION_SPACE").offset("ProcessList");
    int links = process.offset("SessionProcessLinks");
    Set<Long> processes = new LinkedHashSet<>();
    List<String> gaps = new ArrayList<>();
    int left = MAX_ENTRIES;
    Set<Long> sessions = sessions(guest, known, process.offset("Session"));
    if (sessions.size() == MAX_SESSIONS) {
      gaps.add("only the first %d sessions were looked at".formatted(MAX_SESSIONS));
    }
    for (long session : sessions) {
      if (left <= 0) {
        gaps.add("only the first %d entries were walked".formatted(MAX_ENTRIES));
        break;
      }
      GuestList list = GuestList.walk(guest, session + head, left);
      left -= list.entries().size();
      list.trouble().ifPresent(why -> gaps.add("session at 0x%x: %s".formatted(session, why)));
      list.entries().forEach(entry -> processes.add(entry - links));
    }
    return new Seen(processes, gaps);
  }

  private static Set<Long> sessions(Guest guest, Collection<Known> known, int field) {
    Set<Long> sessions = new LinkedHashSet<>();
    for (Known process : known) {
      OptionalLong session = guest.space().qword(process.va() + field);
      if (session.isPresent()
          && guest.isKernelAddress(session.getAsLong())
          && sessions.size() < MAX_SESSIONS) {
        sessions.add(session.getAsLong());
      }
    }
    return sessions;
  }
}
