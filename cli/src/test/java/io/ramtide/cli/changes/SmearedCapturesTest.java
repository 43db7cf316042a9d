package io.ramtide.cli.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.Consistency;
import io.ramtide.schemas.UnreadableRecordException;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.ram.GuestRam;
import io.ramtide.testkit.ram.RamWrite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Captures that see half of what a guest does: some pages as they were before a step, others as
 * they are after it, or all of them in the middle. With the next capture everything is told, once.
 */
class SmearedCapturesTest {
  private static final long SEED = 3;
  private static final int CUTS = 5;

  @TempDir Path folder;

  /** What of a step's writes a frame has when it is read. */
  private interface Smear {
    LongToIntFunction seen(List<RamWrite> writes, int cut);
  }

  @Test
  void framesBehindTheReader_areOld() throws Exception {
    check((writes, cut) -> frame -> frame < frameAt(writes, cut) ? 0 : writes.size());
  }

  @Test
  void framesBeforeTheReader_areOld() throws Exception {
    check((writes, cut) -> frame -> frame >= frameAt(writes, cut) ? 0 : writes.size());
  }

  @Test
  void allFrames_areOfTheMiddleOfAStep() throws Exception {
    check((writes, cut) -> frame -> writes.size() * cut / CUTS);
  }

  private static long frameAt(List<RamWrite> writes, int cut) {
    long[] frames =
        writes.stream().mapToLong(write -> write.gpa() >>> 12).sorted().distinct().toArray();
    return frames[frames.length * cut / CUTS];
  }

  private void check(Smear smear) throws UnreadableRecordException {
    BusyLife life = life();
    int steps = CUTS * life.stepsInRound();
    List<List<String>> whole = whole(steps);
    try (Captures captures = captures("smeared")) {
      GuestRam before = life.guest.snapshot();
      life.guest.takeWrites();
      captures.take(before);
      for (int step = 0; step < steps; step++) {
        int cut = step / life.stepsInRound();
        life.next();
        List<RamWrite> writes = life.guest.takeWrites();
        captures.take(before.readDuring(writes, smear.seen(writes, cut)));
        List<String> told = new ArrayList<>(captures.events());
        before = life.guest.snapshot();
        captures.take(before);
        told.addAll(captures.events());
        assertThat(told.stream().map(SmearedCapturesTest::essence))
            .as("step %d, cut %d of %d", step, cut, CUTS)
            .containsExactlyInAnyOrderElementsOf(
                whole.get(step).stream().map(SmearedCapturesTest::essence).toList());
      }
    }
  }

  private List<List<String>> whole(int steps) throws UnreadableRecordException {
    List<List<String>> events = new ArrayList<>();
    BusyLife life = life();
    try (Captures captures = captures("whole")) {
      captures.take(life.guest.snapshot());
      for (int step = 0; step < steps; step++) {
        life.next();
        captures.take(life.guest.snapshot());
        events.add(captures.events());
      }
    }
    return events;
  }

  private static BusyLife life() {
    return new BusyLife(SimulatedGuest.windows7(SEED).ram(96L << 20));
  }

  private Captures captures(String name) {
    return new Captures(false, Consistency.LIVE, folder.resolve(name));
  }

  /**
   * A capture may see an end before it sees that the owner has ended, and a value only after the
   * time of its key: neither owner nor time of these are compared.
   */
  static String essence(String event) {
    return event
        .replaceAll("^((?:listening|connection)Closed .*) \\S+ at \\S+$", "$1")
        .replaceAll("^(valueSet .*) at \\S+$", "$1");
  }
}
