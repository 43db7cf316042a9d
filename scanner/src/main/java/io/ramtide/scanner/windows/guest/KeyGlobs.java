package io.ramtide.scanner.windows.guest;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * Patterns of full paths of registry keys, case-insensitive. They begin with \REGISTRY\MACHINE and
 * so on, or with a name that users know: HKLM, HKU, HKCU (every user's), HKCR, HKCC, or their long
 * forms. Within a component * is any text and ? any character; a component ** is any number of
 * components, none included.
 *
 * <p>CurrentControlSet means what it leads to: {@link #withControlSet}; until that is known, every
 * control set.
 */
public final class KeyGlobs {
  /** Every key. */
  public static final KeyGlobs ALL = new KeyGlobs(List.of("**"), null);

  /** No key. */
  public static final KeyGlobs NONE = new KeyGlobs(List.of(), null);

  private static final String DEEP = "**";

  private final List<String> globs;
  private final String controlSet;
  private final boolean isAll;
  private final List<String[]> patterns = new ArrayList<>();
  private final Place dead = new Place(new long[0]);
  private final Place start;

  private KeyGlobs(List<String> globs, String controlSet) {
    this.globs = List.copyOf(globs);
    this.controlSet = controlSet;
    this.isAll = globs.contains(DEEP);
    for (String glob : globs) {
      for (String path : KeyGlobRoots.full(glob)) {
        patterns.addAll(KeyGlobRoots.resolved(path.toUpperCase(Locale.ROOT), controlSet));
      }
    }
    Set<Long> first = new LinkedHashSet<>();
    for (int i = 0; i < patterns.size(); i++) {
      enter(first, i, 0);
    }
    start = place(first);
  }

  /**
   * Keys that one of some patterns means.
   *
   * @throws IllegalArgumentException if one is none, and says what it has to begin with
   */
  public static KeyGlobs of(Collection<String> globs) {
    if (globs.isEmpty()) {
      return NONE;
    }
    return globs.contains(DEEP) ? ALL : new KeyGlobs(List.copyOf(globs), null);
  }

  /**
   * The same, with CurrentControlSet as the control set that it leads to.
   *
   * @param name ControlSet001 or so
   */
  public KeyGlobs withControlSet(String name) {
    return isAll || globs.isEmpty() ? this : new KeyGlobs(globs, name);
  }

  /** Whether a key is meant. */
  public boolean matches(String path) {
    return at(path).matches();
  }

  /** Whether keys below this one may be meant. */
  public boolean mayMatchBelow(String path) {
    return at(path).mayMatchBelow();
  }

  /** Where a full path leads to among the patterns. */
  public Place at(String path) {
    Place place = start;
    int from = path.startsWith("\\") ? 1 : 0;
    while (from <= path.length()) {
      int end = path.indexOf('\\', from);
      end = end < 0 ? path.length() : end;
      place = place.child(path.substring(from, end));
      from = end + 1;
    }
    return place;
  }

  /** A key, as far as patterns are concerned: those of its children follow from it. */
  public final class Place {
    /** Patterns, and how many of their components are used up. */
    private final long[] states;

    private final boolean matches;
    private final boolean goesOn;

    private Place(long[] states) {
      this.states = states;
      boolean whole = false;
      boolean more = false;
      for (long state : states) {
        boolean atEnd = position(state) == patterns.get(pattern(state)).length;
        whole |= atEnd;
        more |= !atEnd;
      }
      matches = whole;
      goesOn = more;
    }

    /** Whether the key is meant. */
    public boolean matches() {
      return matches;
    }

    /** Whether keys below it may be meant. */
    public boolean mayMatchBelow() {
      return goesOn;
    }

    /** A key directly below. */
    public Place child(String name) {
      if (!goesOn) {
        return dead;
      }
      if (isAll) {
        return this;
      }
      Set<Long> next = new LinkedHashSet<>();
      for (long state : states) {
        String[] pattern = patterns.get(pattern(state));
        int position = position(state);
        if (position == pattern.length) {
          continue;
        }
        if (pattern[position].equals(DEEP)) {
          enter(next, pattern(state), position);
        } else if (isLike(pattern[position], name)) {
          enter(next, pattern(state), position + 1);
        }
      }
      return place(next);
    }
  }

  private Place place(Set<Long> states) {
    return states.isEmpty()
        ? dead
        : new Place(states.stream().mapToLong(Long::longValue).toArray());
  }

  /** A component ** may also be none. */
  private void enter(Set<Long> states, int pattern, int position) {
    String[] components = patterns.get(pattern);
    int at = position;
    states.add(state(pattern, at));
    while (at < components.length && components[at].equals(DEEP)) {
      at++;
      states.add(state(pattern, at));
    }
  }

  private static long state(int pattern, int position) {
    return ((long) pattern << Integer.SIZE) | position;
  }

  private static int pattern(long state) {
    return (int) (state >>> Integer.SIZE);
  }

  private static int position(long state) {
    return (int) state;
  }

  /** Goes back to the last * only, so that no pattern costs more than length times length. */
  private static boolean isLike(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int starred = 0;
    while (n < name.length()) {
      char wanted = p < pattern.length() ? pattern.charAt(p) : '\0';
      if (p < pattern.length() && wanted == '*') {
        star = p++;
        starred = n;
      } else if (p < pattern.length()
          && (wanted == '?' || wanted == Character.toUpperCase(name.charAt(n)))) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++starred;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyGlobs that
        && globs.equals(that.globs)
        && Objects.equals(controlSet, that.controlSet);
  }

  @Override
  public int hashCode() {
    return globs.hashCode();
  }

  @Override
  public String toString() {
    return String.join(", ", globs);
  }
}
