package io.ramtide.scanner.windows.process.view;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.thread.Threads;
import io.ramtide.schemas.View;
import java.util.Collection;
import java.util.List;

/** The processes that threads name as theirs: threads of every view, those that ended too. */
final class ThreadOwnersView implements ProcessView {
  @Override
  public View view() {
    return View.threadOwners;
  }

  @Override
  public Seen find(Guest guest, Collection<Known> known) {
    Threads threads = Threads.of(guest);
    known.forEach(process -> threads.of(process.va()));
    return new Seen(threads.owners(), List.of());
  }
}
