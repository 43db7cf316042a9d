package io.ramtide.bench;

import io.ramtide.acquirer.dump.Dumps;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.cli.inspect.SourceMemory;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.scan.GuestScan;
import java.io.PrintStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** The signature scan against a sum of longs over the same memory, one thread. */
final class ScanBench {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int ROUNDS = 11;

  private long sink;

  void run(Path image, PrintStream out) throws Exception {
    try (MemorySource source = Dumps.open(image)) {
      PhysicalMemory memory = new SourceMemory(source);
      double bytes = bytesOf(memory);
      double[][] seconds =
          Rounds.run(
              ROUNDS,
              () -> sink += sum(memory),
              () -> GuestScan.of(memory, SymbolStore.shipped()).processTraces());
      out.printf("| what | GB/s, median of %d |%n|---|---|%n", ROUNDS);
      out.printf("| sum of longs | %.1f |%n", bytes / Rounds.median(seconds[0]) / 1e9);
      out.printf("| scan, all signatures | %.1f |%n", bytes / Rounds.median(seconds[1]) / 1e9);
      out.printf(
          "| scan against sum, min / median / max (target >= 0.5) | %s |%n",
          Rounds.ratio(seconds[0], seconds[1]));
      out.printf("(checksum %x)%n", sink);
    }
  }

  static double bytesOf(PhysicalMemory memory) {
    long[] bytes = {0};
    memory.scan(
        (gpa, block) -> {
          bytes[0] += block.limit();
          return true;
        });
    return bytes[0];
  }

  static long sum(PhysicalMemory memory) {
    long[] sum = {0};
    memory.scan(
        (gpa, block) -> {
          long part = 0;
          for (int at = 0; at < block.limit(); at += Long.BYTES) {
            part += (long) LONG.get(block, at);
          }
          sum[0] += part;
          return true;
        });
    return sum[0];
  }
}
