package io.ramtide.bench.pass;

import io.ramtide.acquirer.pages.CapturePass;
import io.ramtide.acquirer.pages.FrameSpan;
import io.ramtide.acquirer.pages.PassBuffer;
import io.ramtide.acquirer.pages.PassCounts;
import io.ramtide.acquirer.pages.PassOptions;
import io.ramtide.acquirer.pages.RamStates;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.bench.Rounds;
import io.ramtide.schemas.SessionId;
import java.io.PrintStream;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** Passes over RAM without a broker, against a plain sum over the same mapping, on one thread. */
public final class PassBench {
  private static final int ROUNDS = 15;
  private static final long GUEST = 1L << 30;
  private static final long LARGE_GUEST = 16L << 30;
  private static final CapturePass.Identity IDENTITY =
      new CapturePass.Identity(new UUID(0, 1), 1, new SessionId(new byte[16]));

  private final PassBuffer buffer = new PassBuffer();

  public void run(Path folder, PrintStream out) throws Exception {
    try (MappedGuest guest = new MappedGuest(folder, GUEST)) {
      unchanged(guest, out);
      verified(guest, out);
    }
    table(folder, out);
    new FixedCost().run(folder, out);
  }

  private void unchanged(MappedGuest guest, PrintStream out) throws Exception {
    RamStates states = new RamStates(guest.ram());
    pass(guest, states, PassOptions.USUAL);
    LongBuffer longs = guest.mapping().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    double[][] seconds =
        Rounds.run(ROUNDS, () -> sum(longs), () -> pass(guest, states, PassOptions.USUAL));
    out.printf("| over 1 GiB of a mapped file | GB/s, median of %d |%n|---|---|%n", ROUNDS);
    out.printf("| plain sum | %.1f |%n", GUEST / Rounds.median(seconds[0]) / 1e9);
    out.printf("| pass, nothing changed | %.1f |%n", GUEST / Rounds.median(seconds[1]) / 1e9);
    out.printf(
        "| pass against sum, min / median / max (target >= 0.5) | %s |%n%n",
        Rounds.ratio(seconds[0], seconds[1]));
  }

  private void verified(MappedGuest guest, PrintStream out) throws Exception {
    PassOptions verify = new PassOptions(FrameSpan.NONE, true, List.of());
    RamStates states = new RamStates(guest.ram());
    pass(guest, states, verify);
    double[][] keyframe =
        Rounds.run(
            5,
            () -> pass(guest, new RamStates(guest.ram()), PassOptions.USUAL),
            () -> pass(guest, new RamStates(guest.ram()), verify));
    double[][] delta =
        Rounds.run(
            5,
            () -> dirtyPass(guest, states, PassOptions.USUAL),
            () -> dirtyPass(guest, states, verify));
    out.printf(
        "| pass over 1 GiB, without sending | s, median | with `--verify-blocks` | cost, min / median"
            + " / max |%n|---|---|---|---|%n");
    row(out, "keyframe", keyframe);
    row(out, "1 page in 100 changed", delta);
    out.println();
  }

  private static void row(PrintStream out, String what, double[][] seconds) {
    out.printf(
        "| %s | %.2f | %.2f | %s |%n",
        what,
        Rounds.median(seconds[0]),
        Rounds.median(seconds[1]),
        Rounds.ratio(seconds[1], seconds[0]));
  }

  private PassCounts dirtyPass(MappedGuest guest, RamStates states, PassOptions options)
      throws Exception {
    guest.dirty(100);
    return pass(guest, states, options);
  }

  /** The heap that remembering every page of a large guest takes. */
  private void table(Path folder, PrintStream out) throws Exception {
    try (MappedGuest guest = new MappedGuest(folder, LARGE_GUEST)) {
      long before = usedHeap();
      RamStates states = new RamStates(guest.ram());
      pass(guest, states, PassOptions.USUAL);
      double bytes = usedHeap() - before;
      out.printf(
          "table of a 16 GiB guest, every page touched: %.1f MiB, %.2f bytes a page (target <= 8"
              + " and a fixed overhead)%n%n",
          bytes / (1 << 20), bytes / states.frames());
    }
  }

  private static long usedHeap() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  private PassCounts pass(MemorySource guest, RamStates states, PassOptions options)
      throws Exception {
    return new CapturePass(
            guest, states, options, buffer, IDENTITY, chunk -> {}, (done, total) -> {})
        .run();
  }

  private static long sum(LongBuffer longs) {
    long sum = 0;
    for (int i = 0; i < longs.capacity(); i++) {
      sum += longs.get(i);
    }
    return sum;
  }
}
