package io.ramtide.bench.cost;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Other processes of this host: where they run, and what they took. */
final class Processes {
  /** Of the kernel's times in /proc: a hundredth of a second, on every platform that Linux has. */
  private static final double TICKS = 100;

  private static final int FIXED_ARGUMENTS = 3;

  private Processes() {}

  /** Lets all threads of a process run on these processors alone; those that it starts, too. */
  static void pin(long pid, String processors) throws IOException, InterruptedException {
    run("taskset", "--all-tasks", "--pid", "--cpu-list", processors, Long.toString(pid));
  }

  static void signal(long pid, String signal) throws IOException, InterruptedException {
    run("kill", "-" + signal, Long.toString(pid));
  }

  /** Processor seconds, of all its threads. */
  static double seconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
  }

  /** Memory that it alone has, in RAM now, MiB. */
  static double anonymousMib(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("RssAnon:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
      }
    }
    throw new IOException("Linux does not tell the anonymous memory of process " + pid);
  }

  /** What its memory files take of RAM, MiB, whether it has the pages mapped or not. */
  static double memoryFilesMib(long pid) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("stat", "--dereference", "--format=%b"));
    try (Stream<Path> links = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      for (Path link : links.toList()) {
        if (Files.readSymbolicLink(link).toString().startsWith("/memfd:")) {
          command.add(link.toString());
        }
      }
    }
    if (command.size() == FIXED_ARGUMENTS) {
      return 0;
    }
    Process process = new ProcessBuilder(command).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed.lines().mapToLong(Long::parseLong).sum() / 2048.0; // blocks of 512 bytes
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(new ArrayList<>(Arrays.asList(command)))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("failed: " + List.of(command));
    }
  }
}
