package io.ramtide.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.cli.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process whose output is seen while it runs; closing kills it. */
public final class Running implements AutoCloseable {
  private final List<String> command;
  private final Process process;
  private final List<String> out = new ArrayList<>();
  private final List<String> err = new ArrayList<>();
  private final List<Thread> readers;

  private Running(List<String> command, Map<String, String> environment) throws IOException {
    this.command = command.subList(command.indexOf("-cp") + 2, command.size());
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    process = builder.start();
    readers = List.of(reader(process.getInputStream(), out), reader(process.getErrorStream(), err));
  }

  /** {@code ramtide args...} */
  public static Running ramtide(String... args) throws IOException {
    return new Running(Processes.command(args), Map.of());
  }

  public static Running ramtide(Map<String, String> environment, List<String> args)
      throws IOException {
    return new Running(Processes.command(args.toArray(String[]::new)), environment);
  }

  /** {@code ramtide args...}, as root without some capabilities. */
  static Running without(List<String> capabilities, List<String> args) throws IOException {
    String dropped = "-" + String.join(",-", capabilities);
    List<String> command =
        new ArrayList<>(List.of("setpriv", "--inh-caps", dropped, "--bounding-set", dropped));
    command.addAll(Processes.command(args.toArray(String[]::new)));
    return new Running(command, Map.of());
  }

  /** Another main class of the class path. */
  public static Running java(String mainClass, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx384m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(List.of(args));
    return new Running(command, Map.of());
  }

  private Thread reader(InputStream stream, List<String> lines) {
    Thread thread = new Thread(() -> read(stream, lines), "output of " + process.pid());
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void read(InputStream stream, List<String> lines) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        synchronized (this) {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public synchronized List<String> out() {
    return List.copyOf(out);
  }

  public synchronized List<String> err() {
    return List.copyOf(err);
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for a line, on either stream, that contains the text. */
  public Running await(String text) throws Exception {
    Await.until(
        command + " prints " + text,
        () -> {
          if (has(text)) {
            return true;
          }
          if (!process.isAlive()) {
            join();
            assertThat(has(text)).as("%s ended: %s", this, text).isTrue();
            return true;
          }
          return false;
        },
        this::toString);
    return this;
  }

  private boolean has(String text) {
    return out().stream().anyMatch(line -> line.contains(text))
        || err().stream().anyMatch(line -> line.contains(text));
  }

  /** Waits for the end and gives the exit code. */
  int exitCode() throws Exception {
    if (!process.waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("does not end: " + this);
    }
    join();
    return process.exitValue();
  }

  /** kill -9 */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGTERM; the exit code. */
  int terminate() throws Exception {
    process.toHandle().destroy(); // Process.destroy would close its output, too.
    return exitCode();
  }

  private void join() throws InterruptedException {
    for (Thread reader : readers) {
      reader.join(5000);
    }
  }

  @Override
  public void close() {
    kill();
  }

  @Override
  public String toString() {
    return "%s%n%s%n%s".formatted(command, String.join("\n", out()), String.join("\n", err()));
  }
}
