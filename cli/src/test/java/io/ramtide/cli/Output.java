package io.ramtide.cli;

import io.ramtide.cli.command.Ramtide;
import io.ramtide.cli.term.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** Catches what a command prints. */
public final class Output {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Runs a command in this JVM and returns its exit code. */
  public int run(String... args) {
    return Ramtide.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
        .execute(args);
  }

  public Terminal terminal(boolean colour) {
    return terminal(colour, 0);
  }

  public Terminal terminal(boolean colour, int columns) {
    return new Terminal(
        new PrintWriter(out, true), new PrintWriter(err, true), colour, false, false, columns);
  }

  public String out() {
    return out.toString();
  }

  public List<String> lines() {
    return out.toString().lines().toList();
  }

  public String err() {
    return err.toString();
  }
}
