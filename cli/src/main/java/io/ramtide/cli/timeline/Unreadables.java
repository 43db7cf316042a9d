package io.ramtide.cli.timeline;

import io.ramtide.cli.term.Terminal;
import java.util.function.Consumer;

/** Counts unreadable records where they are only passed by. */
public final class Unreadables implements Consumer<Unreadable> {
  private long count;
  private Unreadable first;

  @Override
  public void accept(Unreadable record) {
    count++;
    if (first == null) {
      first = record;
    }
  }

  public void report(Terminal terminal) {
    if (first != null) {
      terminal.warn(
          "%d unreadable records were passed over, the first at %s-%d offset %d: %s"
              .formatted(
                  count,
                  first.record().topic(),
                  first.record().partition(),
                  first.record().offset(),
                  first.reason()));
    }
  }
}
