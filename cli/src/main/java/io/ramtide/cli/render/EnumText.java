package io.ramtide.cli.render;

import java.util.Locale;

/** Enum symbols as people and JSON get them. */
final class EnumText {
  private EnumText() {}

  /** Camel case: DECODED is decoded, NO_WINDOWS is noWindows, activeList stays. */
  static String of(Enum<?> symbol) {
    String name = symbol.name();
    if (!name.equals(name.toUpperCase(Locale.ROOT))) {
      return name;
    }
    StringBuilder text = new StringBuilder();
    for (String word : name.toLowerCase(Locale.ROOT).split("_", -1)) {
      if (text.length() > 0 && !word.isEmpty()) {
        text.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
      } else {
        text.append(word);
      }
    }
    return text.toString();
  }
}
