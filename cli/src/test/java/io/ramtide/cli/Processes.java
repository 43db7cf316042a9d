package io.ramtide.cli;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs ramtide in processes of their own. */
public final class Processes {
  private static final long LIMIT_SECONDS = 120;

  private Processes() {}

  /** What a finished process left. */
  public record Result(int exitCode, String out, String err) {}

  /** The command line that runs ramtide on the tests' class path. */
  public static List<String> command(String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    return command;
  }

  /** Runs to the end, or kills what does not end. */
  public static Result run(String... args) throws Exception {
    File out = File.createTempFile("ramtide", ".out");
    File err = File.createTempFile("ramtide", ".err");
    Process process =
        new ProcessBuilder(command(args)).redirectOutput(out).redirectError(err).start();
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(
            "did not end: " + List.of(args) + ": " + Files.readString(err.toPath()));
      }
      return new Result(
          process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(out.toPath());
      Files.delete(err.toPath());
    }
  }
}
