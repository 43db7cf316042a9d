package io.ramtide.bench;

import io.ramtide.acquirer.dump.Dumps;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.cli.inspect.SourceMemory;
import io.ramtide.scanner.image.SparseImage;
import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.WindowsAnalyzer;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.registry.WatchList;
import io.ramtide.scanner.windows.scan.ScanHistory;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.testkit.SimulatedGuest;
import io.ramtide.testkit.ram.GuestRam;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/**
 * A registry of 100,000 keys and 2,000 endpoints, as a scanner decodes it: everything, and the
 * capture after it, in which one value of a key that nobody watches was changed.
 */
final class RegistryBench {
  private static final int ROUNDS = 9;
  private static final int KEYS = 100_000;
  private static final int VALUES_OF_EACH = 3;
  private static final int ENDPOINTS = 2000;
  private static final long RAM = 512L << 20;
  private static final Set<What> KINDS = Set.of(What.hives, What.registry, What.endpoints);

  private final FindingCodec codec = new FindingCodec();
  private final KeyGlobs watched = WatchList.defaults();
  private long findings;
  private long capture;

  void run(Path folder, PrintStream out) throws Exception {
    SimulatedGuest guest =
        SimulatedGuest.windows10(1).ram(RAM).bulkRegistry(KEYS, VALUES_OF_EACH).boot();
    guest.network().bulk(ENDPOINTS);
    GuestRam before = guest.snapshot();
    guest.advance(Duration.ofSeconds(1));
    guest
        .registry()
        .setText("\\REGISTRY\\MACHINE\\SOFTWARE\\Microsoft", "Changed", "by the benchmark");
    GuestRam after = guest.snapshot();
    Path first = folder.resolve("registry-1.raw");
    Path second = folder.resolve("registry-2.raw");
    before.writeRaw(first);
    after.writeRaw(second);
    try (MemorySource one = Dumps.open(first);
        MemorySource other = Dumps.open(second)) {
      measure(new SourceMemory(one), new SourceMemory(other), folder, out);
    }
  }

  private void measure(PhysicalMemory before, PhysicalMemory after, Path folder, PrintStream out)
      throws Exception {
    List<byte[]> there = new DumpChunks(after).delta(frame -> differs(before, after, frame));
    List<byte[]> back = new DumpChunks(before).delta(frame -> differs(before, after, frame));
    Path file = folder.resolve("registry-image");
    try (SparseImage image = SparseImage.create(file, before.ram())) {
      DeltaBench.applyAll(image, new DumpChunks(before).keyframe());
      WindowsAnalyzer kept = new WindowsAnalyzer();
      analyze(kept, image, FrameSet.ALL);
      long whole = findings;
      analyze(kept, image, DeltaBench.apply(image, there));
      long changes = findings;
      SymbolStore symbols = SymbolStore.shipped();
      double[][] seconds =
          Rounds.run(
              ROUNDS,
              () -> analyze(new WindowsAnalyzer(), image, FrameSet.ALL),
              () -> analyze(kept, image, DeltaBench.apply(image, back)),
              () -> analyze(kept, image, DeltaBench.apply(image, there)),
              () -> new ScanHistory().scan(image, FrameSet.ALL, symbols));
      print(out, seconds, whole, changes);
    }
  }

  private static boolean differs(PhysicalMemory before, PhysicalMemory after, long frame) {
    byte[] one = new byte[PhysicalMemory.FRAME_BYTES];
    byte[] other = new byte[PhysicalMemory.FRAME_BYTES];
    before.read(frame * PhysicalMemory.FRAME_BYTES, one, 0, one.length);
    after.read(frame * PhysicalMemory.FRAME_BYTES, other, 0, other.length);
    return !Arrays.equals(one, other);
  }

  private Object analyze(WindowsAnalyzer analyzer, PhysicalMemory memory, FrameSet changed) {
    findings = 0;
    Request request = new Request(KINDS, KeyGlobs.ALL, watched, OptionalLong.of(++capture));
    return analyzer.analyze(memory, changed, request, this::encode);
  }

  private void encode(SpecificRecord finding) {
    codec.encode("00000000-0000-4000-8000-000000000001", capture, finding);
    findings++;
  }

  private static void print(PrintStream out, double[][] seconds, long whole, long changes) {
    out.printf(
        Locale.ROOT,
        "| %,d keys of %d values, %,d endpoints | findings | s, median of %d |%n|---|---|---|%n",
        KEYS,
        VALUES_OF_EACH,
        ENDPOINTS,
        ROUNDS);
    row(out, "all of it (target <= 2)", whole, seconds[0]);
    row(out, "of it the scan of 512 MiB", 0, seconds[3]);
    row(out, "one value changed", changes, seconds[2]);
    out.printf(
        "| one value against all of it, min / median / max (target <= 0.05) | | %s |%n",
        Rounds.ratio(seconds[2], seconds[0]));
    out.printf("| the same, and back again | | %s |%n", Rounds.ratio(seconds[1], seconds[0]));
  }

  private static void row(PrintStream out, String what, long findings, double[] seconds) {
    out.printf(
        Locale.ROOT,
        "| %s | %s | %.3f |%n",
        what,
        findings == 0 ? "" : findings,
        Rounds.median(seconds));
  }
}
