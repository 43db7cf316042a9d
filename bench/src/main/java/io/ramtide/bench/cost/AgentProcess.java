package io.ramtide.bench.cost;

import io.ramtide.testkit.lab.Lab;
import io.ramtide.testkit.lab.LabGuest;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code ./ramtide acquire --uri} of one guest, in a process of its own. */
final class AgentProcess implements Closeable {
  private static final long PATIENCE_SECONDS = 10;

  private final Process process;

  /**
   * @param javaOptions e.g. a heap limit
   * @param log its standard error
   */
  AgentProcess(
      Lab lab,
      LabGuest guest,
      Path folder,
      String brokers,
      String javaOptions,
      File log,
      String... more)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "./ramtide",
                "acquire",
                "--uri",
                lab.uri(),
                "--domain",
                guest.name(),
                "--bootstrap-servers",
                brokers,
                "--data",
                folder.resolve("agent").toString(),
                "--work-folder",
                lab.folder().resolve("work").toString()));
    command.addAll(Arrays.asList(more));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(log)
            .redirectInput(new File("/dev/null"));
    builder.environment().putAll(Map.of("RAMTIDE_JAVA_OPTS", javaOptions));
    process = builder.start();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int waitFor() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() throws IOException {
    try {
      if (process.isAlive()) {
        Processes.signal(pid(), "CONT");
        process.destroy();
        process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }
}
