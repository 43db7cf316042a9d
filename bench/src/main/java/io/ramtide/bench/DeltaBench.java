package io.ramtide.bench;

import io.ramtide.acquirer.dump.Dumps;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.cli.inspect.SourceMemory;
import io.ramtide.scanner.image.SparseImage;
import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.WindowsAnalyzer;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.scanner.windows.scan.ScanHistory;
import io.ramtide.schemas.AvroCodec;
import io.ramtide.schemas.Chunk;
import io.ramtide.schemas.FindingCodec;
import io.ramtide.schemas.MerkleTree;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.specific.SpecificRecord;

/**
 * What a scanner does with a keyframe, and with a delta of 1 % of the pages after it, without
 * Kafka: decode, prove and apply the chunks, scan, decode everything, encode the findings.
 */
final class DeltaBench {
  private static final int ROUNDS = 7;
  private static final AvroCodec<Chunk> CHUNKS = AvroCodec.of(Chunk.class);

  private final FindingCodec codec = new FindingCodec();
  private int images;

  void run(Path dump, Path folder, PrintStream out) throws Exception {
    try (MemorySource source = Dumps.open(dump)) {
      PhysicalMemory memory = new SourceMemory(source);
      DumpChunks chunks = new DumpChunks(memory);
      List<byte[]> keyframe = chunks.keyframe();
      try (SparseImage image = rebuilt(memory, keyframe, folder)) {
        WindowsAnalyzer analyzer = new WindowsAnalyzer();
        decode(analyzer, image);
        ScanHistory history = new ScanHistory();
        SymbolStore symbols = SymbolStore.shipped();
        history.scan(image, FrameSet.ALL, symbols);
        List<byte[]> delta = chunks.delta(0.01);
        FrameSet changed = apply(image, delta);
        double[][] seconds =
            Rounds.run(
                ROUNDS,
                () -> {
                  try (SparseImage fresh = rebuilt(memory, keyframe, folder)) {
                    return decode(new WindowsAnalyzer(), fresh);
                  }
                },
                () -> {
                  apply(image, delta);
                  return analyzer.analyze(image, changed, What.all(), this::encode);
                },
                () -> new WindowsAnalyzer().analyze(image, FrameSet.ALL, What.all(), this::encode),
                () -> analyzer.analyze(image, changed, What.all(), this::encode),
                () -> history.scan(image, FrameSet.ALL, symbols),
                () -> history.scan(image, changed, symbols));
        print(out, seconds);
      }
    }
  }

  private static void print(PrintStream out, double[][] seconds) {
    out.printf(
        "| capture of 1 GiB | s, median of %d | of it scan and decoding | of it the scan |%n"
            + "|---|---|---|---|%n",
        ROUNDS);
    row(out, "keyframe", seconds[0], seconds[2], seconds[4]);
    row(out, "delta of 1 %", seconds[1], seconds[3], seconds[5]);
    out.printf(
        "| delta against keyframe, min / median / max (target <= 0.10) | %s | %s | %s |%n",
        Rounds.ratio(seconds[1], seconds[0]),
        Rounds.ratio(seconds[3], seconds[2]),
        Rounds.ratio(seconds[5], seconds[4]));
  }

  private static void row(PrintStream out, String what, double[]... seconds) {
    out.printf("| %s", what);
    for (double[] column : seconds) {
      out.printf(Locale.ROOT, " | %.3f", Rounds.median(column));
    }
    out.printf(" |%n");
  }

  private SparseImage rebuilt(PhysicalMemory memory, List<byte[]> keyframe, Path folder)
      throws Exception {
    SparseImage image = SparseImage.create(folder.resolve("image" + images++), memory.ram());
    applyAll(image, keyframe);
    return image;
  }

  static FrameSet apply(SparseImage image, List<byte[]> delta) throws Exception {
    image.takeChanges();
    applyAll(image, delta);
    return image.takeChanges();
  }

  /** As a scanner does: decode, apply, prove. */
  static void applyAll(SparseImage image, List<byte[]> records) throws Exception {
    List<byte[]> leaves = new ArrayList<>(records.size());
    for (byte[] record : records) {
      leaves.add(MerkleTree.leaf(record));
      image.apply(CHUNKS.decode(record));
    }
    MerkleTree.root(leaves);
  }

  private Object decode(WindowsAnalyzer analyzer, SparseImage image) {
    return analyzer.analyze(image, image.takeChanges(), What.all(), this::encode);
  }

  private void encode(SpecificRecord finding) {
    codec.encode("00000000-0000-4000-8000-000000000001", 1, finding);
  }
}
