package io.ramtide.cli.term;

/** Makes text of unknown origin harmless for a terminal. */
public final class Printable {
  private Printable() {}

  /**
   * The text with every character escaped that is not plainly visible: controls (which a terminal
   * would obey), direction marks (which reorder a line), lone surrogates, unassigned code points.
   */
  public static String of(String text) {
    int clean = 0;
    while (clean < text.length() && isAsciiVisible(text.charAt(clean))) {
      clean++;
    }
    if (clean == text.length()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, clean);
    text.codePoints().skip(clean).forEach(point -> append(shown, point));
    return shown.toString();
  }

  private static boolean isAsciiVisible(char c) {
    return c >= ' ' && c <= '~';
  }

  private static void append(StringBuilder shown, int point) {
    if (isVisible(point)) {
      shown.appendCodePoint(point);
    } else if (point <= 0xff) {
      shown.append("\\x%02x".formatted(point));
    } else {
      shown.append(point <= 0xffff ? "\\u%04x".formatted(point) : "\\u{%x}".formatted(point));
    }
  }

  private static boolean isVisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
