package io.ramtide.bench;

import io.ramtide.acquirer.dump.Dumps;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.cli.inspect.SourceMemory;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.windows.WindowsAnalyzer;
import io.ramtide.scanner.windows.guest.What;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Everything that can be decoded, against a sum of longs over the same memory. */
final class DecodeBench {
  private static final int ROUNDS = 7;

  private long sink;

  void run(Path image, PrintStream out) throws Exception {
    try (MemorySource source = Dumps.open(image)) {
      PhysicalMemory memory = new SourceMemory(source);
      double bytes = ScanBench.bytesOf(memory);
      double[][] seconds =
          Rounds.run(
              ROUNDS,
              () -> sink += ScanBench.sum(memory),
              () -> analyze(memory, Set.of(What.processes)),
              () -> analyze(memory, What.all()));
      long findings = analyze(memory, What.all());
      out.printf("| what, warm, one thread | s | GB/s, median of %d |%n|---|---|---|%n", ROUNDS);
      row(out, "sum of longs", seconds[0], bytes);
      row(out, "`--what processes`", seconds[1], bytes);
      row(out, "`--what all` (%,d findings)".formatted(findings), seconds[2], bytes);
      out.printf(
          "| all against sum, min / median / max | %s | |%n", Rounds.ratio(seconds[0], seconds[2]));
      out.printf("(checksum %x)%n%n", sink);
    }
    new InspectBench().run(image, out, "--what", "all");
  }

  private static void row(PrintStream out, String what, double[] seconds, double bytes) {
    double median = Rounds.median(seconds);
    out.printf(Locale.ROOT, "| %s | %.3f | %.1f |%n", what, median, bytes / median / 1e9);
  }

  private static long analyze(PhysicalMemory memory, Set<What> wanted) {
    long[] count = {0};
    // A new one each time: what the last call found must not help.
    new WindowsAnalyzer().analyze(memory, wanted, finding -> count[0]++);
    return count[0];
  }
}
