package io.ramtide.bench;

import io.ramtide.bench.cost.AgentBench;
import io.ramtide.bench.cost.MethodsBench;
import io.ramtide.bench.cost.SlowdownBench;
import io.ramtide.bench.live.LiveBench;
import io.ramtide.bench.pass.PassBench;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Runs the named benchmarks, or all; on an image of its own, or on one that is given as a path. */
public final class RunBench {
  static final long IMAGE_BYTES = 1L << 30;
  private static final List<String> ALL =
      List.of(
          "scan",
          "inspect",
          "decode",
          "delta",
          "registry",
          "replay",
          "memory",
          "producer",
          "pass",
          "live",
          "slowdown",
          "methods",
          "agent");

  /** They make the guests that they need. */
  private static final List<String> WITHOUT_IMAGE =
      List.of("registry", "producer", "memory", "pass", "live", "slowdown", "methods", "agent");

  private RunBench() {}

  public static void main(String[] args) throws Exception {
    List<String> names = new ArrayList<>(List.of(args));
    Path given = null;
    if (args.length > 0 && args[0].contains("/")) {
      given = Path.of(names.remove(0));
    }
    if (names.isEmpty()) {
      names.addAll(ALL);
    }
    if (!ALL.containsAll(names)) {
      System.err.println("bench: know only " + ALL + ", after the path of a dump, if any");
      System.exit(2);
    }
    Path folder = Files.createTempDirectory("ramtide-bench");
    try {
      Path image = given;
      if (image == null && !WITHOUT_IMAGE.containsAll(names)) {
        image = folder.resolve("guest.raw");
        BenchImage.write(image, IMAGE_BYTES);
      }
      for (String name : names) {
        System.out.printf("%n## %s%n%n", name);
        run(name, image, folder, System.out);
      }
    } finally {
      delete(folder);
    }
    System.exit(0); // The broker's threads may take their time.
  }

  private static void run(String name, Path image, Path folder, PrintStream out) throws Exception {
    switch (name) {
      case "scan" -> new ScanBench().run(image, out);
      case "inspect" -> new InspectBench().run(image, out);
      case "decode" -> new DecodeBench().run(image, out);
      case "delta" -> new DeltaBench().run(image, folder, out);
      case "registry" -> new RegistryBench().run(folder, out);
      case "replay" -> new ReplayBench().run(image, folder, out);
      case "producer" -> new ProducerBench().run(folder, out);
      case "live" -> new LiveBench().run(folder, out);
      case "memory" -> new MemoryBench().run(folder, out);
      case "slowdown" -> new SlowdownBench().run(folder, out);
      case "methods" -> new MethodsBench().run(folder, out);
      case "agent" -> new AgentBench().run(folder, out);
      case "pass" -> new PassBench().run(folder, out);
      default -> throw new IllegalArgumentException(name);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("bench: left behind " + folder + ": " + e.getMessage());
    }
  }
}
