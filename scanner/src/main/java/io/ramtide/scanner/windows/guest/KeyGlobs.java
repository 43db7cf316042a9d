package io.ramtide.scanner.windows.guest;

import java.util.List;

/** Patterns of registry keys. */
public final class KeyGlobs {
  /** Every key. */
  public static final KeyGlobs ALL = new KeyGlobs(List.of());

  /** No key. */
  public static final KeyGlobs NONE = new KeyGlobs(List.of());

  private final List<String> globs;

  private KeyGlobs(List<String> globs) {
    this.globs = globs;
  }

  /** Whether a key is meant. */
  public boolean matches(String path) {
    return this == ALL || globs.contains(path);
  }
}
