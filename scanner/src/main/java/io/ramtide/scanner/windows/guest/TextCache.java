package io.ramtide.scanner.windows.guest;

import java.util.HashMap;
import java.util.Map;

/**
 * Texts that several things share, by address. Bounded by their length in all: a hostile guest has
 * many long ones. What is forgotten is read again.
 */
public final class TextCache {
  /** Characters that are kept, at two bytes of heap each. */
  static final int MAX_CHARACTERS = 1 << 21;

  /** Of an entry without its text. */
  private static final int ENTRY = 64;

  private final Map<Long, GuestText> texts = new HashMap<>();
  private int characters;

  /** Null if it is not known. */
  public GuestText get(long va) {
    return texts.get(va);
  }

  public void put(long va, GuestText text) {
    int size = ENTRY + (text.value() == null ? 0 : text.value().length());
    if (characters + size > MAX_CHARACTERS) {
      texts.clear();
      characters = 0;
    }
    texts.put(va, text);
    characters += size;
  }
}
