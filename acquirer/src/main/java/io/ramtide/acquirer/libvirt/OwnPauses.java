package io.ramtide.acquirer.libvirt;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells the pauses that our own calls cause from those of others. libvirt does not: it is by their
 * number, from the call's begin until a little after its end, as events may come after the reply.
 */
final class OwnPauses {
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final LongSupplier nanoTime;
  private final Map<UUID, Expected> guests = new HashMap<>();

  OwnPauses(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** A call begins that may suspend and resume the guest so often. */
  synchronized void begin(UUID guest, int suspends, int resumes) {
    Expected expected = current(guest);
    expected.calls++;
    expected.suspends += suspends;
    expected.resumes += resumes;
  }

  synchronized void end(UUID guest) {
    Expected expected = guests.get(guest);
    if (expected != null) {
      expected.calls--;
      expected.endedAt = nanoTime.getAsLong();
    }
  }

  synchronized void forget(UUID guest) {
    guests.remove(guest);
  }

  /** Whether the guest was suspended by us; asked once an event. */
  synchronized boolean suspended(UUID guest) {
    Expected expected = current(guest);
    return expected.calls > 0 | expected.suspends-- > 0;
  }

  /** Whether the guest was resumed by us; asked once an event. */
  synchronized boolean resumed(UUID guest) {
    Expected expected = current(guest);
    return expected.calls > 0 | expected.resumes-- > 0;
  }

  private Expected current(UUID guest) {
    Expected expected = guests.get(guest);
    if (expected == null
        || expected.calls == 0 && nanoTime.getAsLong() - expected.endedAt > GRACE_NANOS) {
      expected = new Expected();
      expected.endedAt = nanoTime.getAsLong();
      guests.put(guest, expected);
    }
    expected.suspends = Math.max(0, expected.suspends);
    expected.resumes = Math.max(0, expected.resumes);
    return expected;
  }

  private static final class Expected {
    private int calls;
    private int suspends;
    private int resumes;
    private long endedAt;
  }
}
