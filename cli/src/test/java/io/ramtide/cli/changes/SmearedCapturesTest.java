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
import java.util.Random;
import java.util.UUID;
import java.util.function.LongToIntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Captures that see half of what a guest does: some pages as they were before a step, others as
 * they are after it, or all of them in the middle. With the next capture everything is told, once.
 */
class SmearedCapturesTest {
  private static final long SEED = 3;
  private static final int ROUNDS = 3;

  /** Where steps are cut; the property has them cut elsewhere. */
  private static final long CUTS = Long.getLong("ramtide.cuts", 1);

  @TempDir static Path folder;

  /** What captures tell that see each step whole. */
  private static List<List<String>> whole;

  /** What of a step's writes a frame has when it is read. */
  private interface Smear {
    LongToIntFunction seen(List<RamWrite> writes, double cut);
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
    check((writes, cut) -> frame -> (int) (writes.size() * cut));
  }

  private static long frameAt(List<RamWrite> writes, double cut) {
    long[] frames =
        writes.stream().mapToLong(write -> write.gpa() >>> 12).sorted().distinct().toArray();
    return frames[(int) (frames.length * cut)];
  }

  private void check(Smear smear) throws UnreadableRecordException {
    BusyLife life = life();
    Random random = new Random(CUTS);
    try (Captures captures = captures()) {
      GuestRam before = life.guest.snapshot();
      life.guest.takeWrites();
      captures.take(before);
      for (int step = 0; step < whole.size(); step++) {
        // Of a step's writes: early in the first round, late in the last.
        int round = step / life.stepsInRound();
        double cut = (round + random.nextDouble()) / ROUNDS;
        life.next();
        List<RamWrite> writes = life.guest.takeWrites();
        captures.take(before.readDuring(writes, smear.seen(writes, cut)));
        List<String> told = new ArrayList<>(captures.events());
        before = life.guest.snapshot();
        captures.take(before);
        told.addAll(captures.events());
        assertThat(told.stream().map(SmearedCapturesTest::essence))
            .as("step %d, cut at %s (-Dramtide.cuts=%d)", step, cut, CUTS)
            .containsExactlyInAnyOrderElementsOf(
                whole.get(step).stream().map(SmearedCapturesTest::essence).toList());
      }
    }
  }

  @BeforeAll
  static void seeStepsWhole() throws UnreadableRecordException {
    whole = new ArrayList<>();
    BusyLife life = life();
    try (Captures captures = captures()) {
      captures.take(life.guest.snapshot());
      for (int step = 0; step < ROUNDS * life.stepsInRound(); step++) {
        life.next();
        captures.take(life.guest.snapshot());
        whole.add(captures.events());
      }
    }
  }

  private static BusyLife life() {
    return new BusyLife(SimulatedGuest.windows7(SEED).ram(96L << 20));
  }

  private static Captures captures() {
    return new Captures(false, Consistency.LIVE, folder.resolve(UUID.randomUUID().toString()));
  }

  /**
   * A capture may see an end before it sees that the owner has ended, a value only after the time
   * of its key, and an endpoint before its create time: neither owner nor time of these are
   * compared.
   */
  static String essence(String event) {
    return event
        .replaceAll("^((?:listening|connection)Closed .*) \\S+ at \\S+$", "$1")
        .replaceAll("^((?:listening|connection)Opened .*) at \\S+$", "$1")
        .replaceAll("^(valueSet .*) at \\S+$", "$1");
  }
}
