package io.ramtide.cli.options;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.scanner.windows.guest.KeyGlobs;
import java.util.Collection;

/** Patterns of registry keys as options give them. */
final class Globs {
  private Globs() {}

  /**
   * @param from the option that they come from, for the message
   * @throws Failure if one is none
   */
  static KeyGlobs of(String from, Collection<String> globs) {
    try {
      return KeyGlobs.of(globs);
    } catch (IllegalArgumentException e) {
      throw new Failure(ExitCode.USAGE, from + ": " + e.getMessage(), e);
    }
  }
}
