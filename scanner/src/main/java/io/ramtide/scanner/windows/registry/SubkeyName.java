package io.ramtide.scanner.windows.registry;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The name of a subkey. Where names would make one path of two, or two things of one path, a name
 * is written in another way, and the status says how.
 *
 * @param raw as its cell has it
 * @param written as paths have it
 * @param status null: the same
 */
record SubkeyName(String raw, String written, String status) {
  private static final String EMPTY = "{empty}";
  private static final String BACKSLASH = "%5c";

  /**
   * The names of the subkeys of one key.
   *
   * @param raw in the order of its lists
   * @param cells of the same
   */
  static SubkeyName[] of(String[] raw, int[] cells) {
    SubkeyName[] names = new SubkeyName[raw.length];
    boolean areUnique = true;
    for (int i = 0; i < raw.length; i++) {
      names[i] = of(raw[i]);
      // Lists are sorted, so that looking at the neighbour is nearly always enough.
      areUnique &= i == 0 || names[i - 1].written.compareToIgnoreCase(names[i].written) < 0;
    }
    return areUnique ? names : apart(names, cells);
  }

  private static SubkeyName of(String raw) {
    if (raw.isEmpty()) {
      return new SubkeyName(raw, EMPTY, "its name is empty, and written " + EMPTY);
    }
    if (raw.indexOf('\\') >= 0) {
      String written = raw.replace("\\", BACKSLASH);
      return new SubkeyName(raw, written, "its name has a backslash, written " + BACKSLASH);
    }
    boolean isText = raw.indexOf('\ufffd') < 0;
    return new SubkeyName(raw, raw, isText ? null : "its name is no text: U+FFFD for what is none");
  }

  private static SubkeyName[] apart(SubkeyName[] names, int[] cells) {
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < names.length; i++) {
      String written = names[i].written;
      while (!taken.add(written.toLowerCase(Locale.ROOT))) {
        written = "%s{%x}".formatted(written, cells[i]);
        String status = "another key has its name, so that its cell is added";
        names[i] = new SubkeyName(names[i].raw, written, status);
      }
    }
    return names;
  }
}
