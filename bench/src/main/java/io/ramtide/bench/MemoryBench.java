package io.ramtide.bench;

import java.io.File;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code ./ramtide inspect} of ever larger guests under one heap limit: it must not need more. */
final class MemoryBench {
  private static final String HEAP = "-Xmx256m";
  private static final long[] GIBIBYTES = {1, 4, 16};

  void run(Path folder, PrintStream out) throws Exception {
    out.printf("| guest, sparse | data | `inspect` with %s |%n|---|---|---|%n", HEAP);
    for (long gib : GIBIBYTES) {
      Path image = folder.resolve(gib + "g.raw");
      BenchImage.write(image, 1L << 30);
      try (var file = new RandomAccessFile(image.toFile(), "rw")) {
        file.setLength(gib << 30);
      }
      ProcessBuilder builder =
          new ProcessBuilder("./ramtide", "inspect", image.toString(), "--format", "json")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .redirectInput(new File("/dev/null"));
      builder.environment().putAll(Map.of("RAMTIDE_JAVA_OPTS", HEAP));
      long begin = System.nanoTime();
      int exit = builder.start().waitFor();
      out.printf(
          "| %d GiB | 0.5 GiB | exit code %d, %.2f s |%n",
          gib, exit, (System.nanoTime() - begin) / 1e9);
      Files.delete(image);
    }
  }
}
