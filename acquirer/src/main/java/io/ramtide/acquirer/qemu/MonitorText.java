package io.ramtide.acquirer.qemu;

import java.util.List;

/** What QEMU's monitor printed: bounded before it is read, escaped before it is shown. */
final class MonitorText {
  /** A guest with some hundred devices prints a tenth of it. */
  private static final int MAX_CHARS = 8 << 20;

  private static final int MAX_LINE = 4096;
  private static final int SHOWN = 120;

  private MonitorText() {}

  static List<String> lines(String command, String text) throws MonitorException {
    if (text.length() > MAX_CHARS) {
      throw new MonitorException(
          "QEMU's reply to %s has %d characters, more than any machine needs"
              .formatted(command, text.length()),
          null);
    }
    List<String> lines = text.lines().toList();
    for (String line : lines) {
      if (line.length() > MAX_LINE) {
        throw bad(command, "a line is too long", line);
      }
    }
    return lines;
  }

  static MonitorException bad(String command, String what, String shown) {
    return new MonitorException(
        "QEMU's reply to %s cannot be used: %s: \"%s\"".formatted(command, what, escaped(shown)),
        null);
  }

  /** As one short printable line. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .limit(SHOWN)
        .forEach(
            c -> {
              if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                escaped.append((char) c);
              } else {
                escaped.append("\\u%04x".formatted(c));
              }
            });
    return escaped.append(text.length() > SHOWN ? "..." : "").toString();
  }
}
