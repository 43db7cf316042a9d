package io.ramtide.testkit.lab;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A program of this host that is run to its end. */
final class Tool {

  private static final String SECONDS = "120";

  private Tool() {}

  /** Gives what it printed; fails with that if its exit code is not 0. */
  static String run(List<String> command) throws IOException {
    List<String> limited = new ArrayList<>(List.of("timeout", "--signal", "KILL", SECONDS));
    limited.addAll(command);
    Process process = new ProcessBuilder(limited).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int code;
    try {
      code = process.waitFor();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (code != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + code + ": " + printed);
    }
    return printed;
  }

  static IOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    IOException failure = new InterruptedIOException("interrupted");
    failure.initCause(cause);
    return failure;
  }
}
