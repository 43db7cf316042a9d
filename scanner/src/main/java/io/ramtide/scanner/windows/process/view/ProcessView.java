package io.ramtide.scanner.windows.process.view;

import io.ramtide.scanner.windows.guest.Guest;
import io.ramtide.schemas.View;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** A way to find processes. What it names is checked by who asks: it may be forged. */
public interface ProcessView {
  /** All of them, in the order they are asked: later ones start from what earlier ones found. */
  List<ProcessView> ALL =
      List.of(
          new CidTableView(),
          new HandleTableListView(),
          new SessionListView(),
          new CsrssHandlesView(),
          new ThreadOwnersView());

  /**
   * A process that other views found.
   *
   * @param va of its EPROCESS
   * @param imageName as in the EPROCESS; empty if it cannot be read
   */
  record Known(long va, String imageName) {}

  /**
   * What a view has.
   *
   * @param processes VAs of what should be EPROCESSes
   * @param gaps why some may be missing; with one, absence from the view means nothing
   */
  record Seen(Set<Long> processes, List<String> gaps) {}

  View view();

  Seen find(Guest guest, Collection<Known> known);
}
