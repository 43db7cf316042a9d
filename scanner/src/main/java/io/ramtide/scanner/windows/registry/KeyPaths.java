package io.ramtide.scanner.windows.registry;

import java.util.Arrays;

/** Paths of keys below their hive's root; those of the keys above the last one are at hand. */
final class KeyPaths {
  private KnownKey[] keys = new KnownKey[32];
  private String[] paths = new String[32];

  String of(KnownKey key) {
    int depth = key.depth;
    if (depth >= keys.length) {
      keys = Arrays.copyOf(keys, 2 * depth);
      paths = Arrays.copyOf(paths, 2 * depth);
    }
    int known = depth;
    KnownKey above = key;
    while (known > 0 && keys[known] != above) {
      keys[known] = above;
      paths[known] = null;
      above = above.parent;
      known--;
    }
    for (int i = Math.max(1, known); i <= depth; i++) {
      if (paths[i] == null) {
        String written = keys[i].written;
        paths[i] = i == 1 ? written : paths[i - 1] + '\\' + written;
      }
    }
    return depth == 0 ? "" : paths[depth];
  }
}
