package io.ramtide.cli.live;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.timeline.TimelineRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Waits until the timeline has come to the last capture of every guest, never without an end. */
final class CaptureWait {
  private static final Duration GIVE_UP = Duration.ofMinutes(10);

  private final LongSupplier nanoTime;
  private final Map<String, Long> ends = new HashMap<>();
  private long alive;

  CaptureWait(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    alive = nanoTime.getAsLong();
  }

  /** Takes what was printed. */
  void printed(TimelineRecord record) {
    alive = nanoTime.getAsLong();
    if (record instanceof TimelineRecord.Capture end) {
      ends.merge(end.domain(), end.capture(), Math::max);
    }
  }

  /**
   * Whether all has come.
   *
   * @param last captures there will be
   * @throws Failure if nothing came for long
   */
  boolean isOver(List<GuestNews.Last> last) {
    for (GuestNews.Last guest : last) {
      if (ends.getOrDefault(guest.domain(), 0L) < guest.capture()) {
        if (nanoTime.getAsLong() - alive > GIVE_UP.toNanos()) {
          throw new Failure(
              ExitCode.INTERNAL,
              ("nothing came of capture %d of %s for %d minutes; the capture itself is kept: see"
                      + " ramtide watch, and start again with --verbose to see more")
                  .formatted(guest.capture(), guest.name(), GIVE_UP.toMinutes()));
        }
        return false;
      }
    }
    return true;
  }
}
