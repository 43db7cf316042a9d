package io.ramtide.testkit.windows.key;

import java.nio.charset.StandardCharsets;

/** How names of keys and values are written: a byte a character if all fit, else UTF-16. */
public final class CellName {

  private final byte[] bytes;
  private final boolean compressed;

  private CellName(String name) {
    compressed = isNarrow(name);
    bytes = name.getBytes(compressed ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_16LE);
  }

  public static CellName of(String name) {
    return new CellName(name);
  }

  public byte[] bytes() {
    return bytes;
  }

  public boolean compressed() {
    return compressed;
  }

  /** A name as names are compared: without regard to case. */
  public static String upper(String name) {
    char[] upper = name.toCharArray();
    for (int i = 0; i < upper.length; i++) {
      upper[i] = Character.toUpperCase(upper[i]);
    }
    return new String(upper);
  }

  private static boolean isNarrow(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) > 0xff) {
        return false;
      }
    }
    return true;
  }
}
