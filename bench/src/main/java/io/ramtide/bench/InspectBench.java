package io.ramtide.bench;

import java.io.File;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code ./ramtide inspect} as a user runs it: wall time with the JVM's start. */
final class InspectBench {
  private static final int ROUNDS = 9;

  void run(Path image, PrintStream out, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of("./ramtide", "inspect", image.toString()));
    command.addAll(List.of("--format", "json"));
    command.addAll(List.of(options));
    double[] seconds =
        Rounds.run(
            ROUNDS,
            () -> {
              Process process =
                  new ProcessBuilder(command)
                      .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                      .redirectError(ProcessBuilder.Redirect.INHERIT)
                      .redirectInput(new File("/dev/null"))
                      .start();
              int exit = process.waitFor();
              if (exit != 0) {
                throw new IllegalStateException(command + " ended with " + exit);
              }
              return exit;
            })[0];
    Arrays.sort(seconds);
    out.printf("| what | s, min / median / max of %d |%n|---|---|%n", ROUNDS);
    out.printf(
        "| inspect%s of 1 GiB, JVM start included (target <= 2) | %.2f / %.2f / %.2f |%n",
        options.length == 0 ? "" : " " + String.join(" ", options),
        seconds[0],
        seconds[ROUNDS / 2],
        seconds[ROUNDS - 1]);
  }
}
