package io.ramtide.scanner.windows.process.view;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.scanner.windows.thread.CidTable;
import io.ramtide.schemas.View;
import java.util.Collection;
import java.util.LinkedHashSet;

/** The processes that PspCidTable has. One leaves it when its last handle is closed. */
final class CidTableView implements ProcessView {
  @Override
  public View view() {
    return View.cidTable;
  }

  @Override
  public Seen find(Guest guest, Collection<Known> known) {
    CidTable table = CidTable.of(guest);
    return new Seen(new LinkedHashSet<>(table.processes()), table.gaps());
  }
}
