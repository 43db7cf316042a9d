package io.ramtide.acquirer.libvirt.connection;

/** Text from outside, as a message may show it. */
public final class Shown {
  private static final int MOST = 500;

  private Shown() {}

  /** One line of bounded length, control characters replaced. */
  public static String line(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(MOST)
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(line::appendCodePoint);
    return text.codePointCount(0, text.length()) > MOST ? line + "..." : line.toString();
  }
}
