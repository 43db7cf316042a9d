package io.ramtide.scanner.windows.guest;

import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is asked of a guest's memory.
 *
 * @param kinds kinds of findings
 * @param keys registry keys that are to be found
 * @param watched registry keys that are read anew in every capture, whatever changed
 * @param capture number of the capture that the memory is; then findings may leave out what the
 *     capture analysed before already told. Empty: they are to be whole
 */
public record Request(Set<What> kinds, KeyGlobs keys, KeyGlobs watched, OptionalLong capture) {
  public Request {
    kinds = Set.copyOf(kinds);
  }

  /** Everything of some kinds. */
  public static Request of(Set<What> kinds) {
    return new Request(kinds, KeyGlobs.ALL, KeyGlobs.NONE, OptionalLong.empty());
  }

  /** The same of one more kind. */
  public Request and(What kind) {
    Set<What> more = EnumSet.of(kind);
    more.addAll(kinds);
    return new Request(more, keys, watched, capture);
  }

  /** The same of a capture by its number. */
  public Request at(long number) {
    return new Request(kinds, keys, watched, OptionalLong.of(number));
  }
}
