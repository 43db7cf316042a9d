package io.ramtide.correlator.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Paths of registry keys as store keys have them: NUL separates the names, so that the order of
 * their UTF-8 bytes is that of a tree, every key before all that is below it. The root is empty.
 *
 * <p>A name may contain any character but a backslash: NUL stands as 1 1, and 1 as 1 2.
 */
public final class KeyPath {
  private static final char SEPARATOR = '\0';
  private static final char ESCAPE = '\1';

  /** Before all but the root. */
  static final String FIRST = Character.toString(SEPARATOR);

  private static final char ESCAPED_NUL = '\1';
  private static final char ESCAPED_ESCAPE = '\2';

  /** The order of the stores. */
  public static final Comparator<String> ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private KeyPath() {}

  /**
   * @param key with backslashes between the names, without a leading one
   */
  public static String of(String key) {
    StringBuilder path = new StringBuilder(key.length());
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      switch (c) {
        case '\\' -> path.append(SEPARATOR);
        case SEPARATOR -> path.append(ESCAPE).append(ESCAPED_NUL);
        case ESCAPE -> path.append(ESCAPE).append(ESCAPED_ESCAPE);
        default -> path.append(c);
      }
    }
    return path.toString();
  }

  /** With backslashes between the names, as findings have it. */
  public static String key(String path) {
    StringBuilder key = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      switch (c) {
        case SEPARATOR -> key.append('\\');
        case ESCAPE -> key.append(path.charAt(++i) == ESCAPED_NUL ? SEPARATOR : ESCAPE);
        default -> key.append(c);
      }
    }
    return key.toString();
  }

  /** The key above; null above the root. */
  public static String parent(String path) {
    return path.isEmpty() ? null : path.substring(0, Math.max(0, path.lastIndexOf(SEPARATOR)));
  }

  /** Whether a key is another one, or below it. */
  public static boolean isWithin(String path, String top) {
    return top.isEmpty()
        || (path.startsWith(top)
            && (path.length() == top.length() || path.charAt(top.length()) == SEPARATOR));
  }

  /** After a key and all below it, and before any other: no key itself. */
  static String end(String path) {
    return path + ESCAPE;
  }

  /** The path up to the end of the name that begins there. */
  static String upTo(String path, int name) {
    int next = path.indexOf(SEPARATOR, name);
    return next < 0 ? path : path.substring(0, next);
  }

  /** Before all that is below a key. */
  static String firstBelow(String path) {
    return path.isEmpty() ? "" : path + SEPARATOR;
  }
}
