package io.ramtide.correlator.ecs;

import java.util.ArrayList;
import java.util.List;

/**
 * A Windows command line as arguments, by the rules of the Microsoft C runtime: blanks separate,
 * quotes group, 2n backslashes before a quote are n, and one more makes the quote a character. In
 * the program's name backslashes are only backslashes.
 */
final class Arguments {
  /** More than that are left out; a guest may choose any number. */
  static final int MOST = 1024;

  private final String line;
  private int at;

  private Arguments(String line) {
    this.line = line;
  }

  static List<String> of(String commandLine) {
    Arguments arguments = new Arguments(commandLine);
    List<String> all = new ArrayList<>();
    all.add(arguments.program());
    arguments.skipBlanks();
    while (arguments.at < commandLine.length() && all.size() < MOST) {
      all.add(arguments.next());
      arguments.skipBlanks();
    }
    return all;
  }

  private void skipBlanks() {
    while (at < line.length() && isBlank(line.charAt(at))) {
      at++;
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private String program() {
    skipBlanks();
    StringBuilder program = new StringBuilder();
    boolean quoted = false;
    for (; at < line.length() && (quoted || !isBlank(line.charAt(at))); at++) {
      if (line.charAt(at) == '"') {
        quoted = !quoted;
      } else {
        program.append(line.charAt(at));
      }
    }
    return program.toString();
  }

  private String next() {
    StringBuilder argument = new StringBuilder();
    boolean quoted = false;
    while (at < line.length() && (quoted || !isBlank(line.charAt(at)))) {
      int slashes = slashes();
      boolean quote = at < line.length() && line.charAt(at) == '"';
      argument.append("\\".repeat(quote ? slashes / 2 : slashes));
      if (!quote) {
        if (slashes == 0) {
          argument.append(line.charAt(at++));
        }
      } else if (slashes % 2 == 1) {
        argument.append('"');
        at++;
      } else if (quoted && at + 1 < line.length() && line.charAt(at + 1) == '"') {
        argument.append('"'); // Two quotes within quotes are one.
        at += 2;
      } else {
        quoted = !quoted;
        at++;
      }
    }
    return argument.toString();
  }

  private int slashes() {
    int begin = at;
    while (at < line.length() && line.charAt(at) == '\\') {
      at++;
    }
    return at - begin;
  }
}
