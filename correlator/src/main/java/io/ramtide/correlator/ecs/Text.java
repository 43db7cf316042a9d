package io.ramtide.correlator.ecs;

/** Text that a guest may have written. */
public final class Text {
  /** Code units of a name; Windows' image names have at most 15. */
  public static final int NAME = 64;

  public static final int SENTENCE = 1024;

  private Text() {}

  /** At most {@code limit} UTF-16 code units, nothing that could steer a terminal or hide text. */
  public static String bounded(String text, int limit) {
    if (text == null) {
      return null;
    }
    int end = Math.min(text.length(), limit);
    var clean = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      clean.append(isPlain(text, i) ? c : '\ufffd');
    }
    return clean.toString();
  }

  private static boolean isPlain(String text, int i) {
    char c = text.charAt(i);
    if (Character.isSurrogate(c)) {
      return false; // Names come from 8-bit text: there is no need to carry pairs.
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
