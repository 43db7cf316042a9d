package io.ramtide.correlator.ecs;

/** Text that a guest may have written. */
public final class Text {
  /** Code units of a name; Windows' image names have at most 15. */
  public static final int NAME = 64;

  /** Code units of a SID: a revision, an authority and 15 sub-authorities. */
  public static final int SID = 192;

  public static final int SENTENCE = 1024;

  public static final int PATH = 4096;

  /** Windows' own limit. */
  public static final int COMMAND_LINE = 32_767;

  private Text() {}

  /** At most {@code limit} UTF-16 code units, nothing that could steer a terminal or hide text. */
  public static String bounded(String text, int limit) {
    if (text == null) {
      return null;
    }
    int end = Math.min(text.length(), limit);
    if (end < text.length() && end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--; // Half a character.
    }
    var clean = new StringBuilder(end);
    text.substring(0, end)
        .codePoints()
        .forEach(point -> clean.appendCodePoint(isPlain(point) ? point : '\ufffd'));
    return clean.toString();
  }

  private static boolean isPlain(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
