package io.ramtide.bench.cost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Other processes of this host: where they run, and what they took. */
final class Processes {
  /** Of the kernel's times in /proc: a hundredth of a second, on every platform that Linux has. */
  private static final double TICKS = 100;

  private static final double PAGES_PER_MIB = 256;

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

  /** Memory of it that is in RAM now, MiB; shared memory included. */
  static double residentMib(long pid) throws IOException {
    String statm = Files.readString(Path.of("/proc", Long.toString(pid), "statm"));
    return Long.parseLong(statm.split(" ", -1)[1]) / PAGES_PER_MIB;
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
