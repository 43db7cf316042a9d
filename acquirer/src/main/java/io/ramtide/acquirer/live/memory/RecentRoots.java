package io.ramtide.acquirer.live.memory;

import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.qemu.QemuFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** CR3 of a guest's processors, asked for seldom: QEMU holds its big lock meanwhile. */
final class RecentRoots {
  private static final long INTERVAL_NANOS = Duration.ofMinutes(1).toNanos();

  private String run = "";
  private long askedAt;

  /** None if they were told for this run of the guest a moment ago, or QEMU does not tell. */
  List<Long> of(LiveGuest guest, GuestState state) {
    if (state.run().equals(run) && System.nanoTime() - askedAt < INTERVAL_NANOS) {
      return List.of();
    }
    run = state.run();
    askedAt = System.nanoTime();
    try {
      return QemuFacts.cr3s(guest.monitor());
    } catch (IOException e) {
      return List.of();
    }
  }
}
