package io.ramtide.cli.options;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.scanner.windows.guest.What;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which kinds of findings are wanted. */
public final class WhatOption {
  private static final String ALL = "all";

  @Option(
      names = "--what",
      paramLabel = "KIND",
      split = ",",
      completionCandidates = Names.class,
      description =
          "What to look for, separated by commas; may be given several times:"
              + " ${COMPLETION-CANDIDATES}.")
  private List<String> names = new ArrayList<>();

  /** All names, for help and completion. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Stream.concat(Stream.of(ALL), Arrays.stream(What.values()).map(What::name)).iterator();
    }
  }

  /**
   * The kinds that were asked for.
   *
   * @param otherwise if none was named
   * @throws Failure if a name is none of them
   */
  public Set<What> kinds(Set<What> otherwise) {
    if (names.isEmpty()) {
      return otherwise;
    }
    Set<What> kinds = named();
    if (names.stream().map(String::strip).anyMatch(ALL::equals)) {
      kinds.addAll(What.all());
    }
    return kinds;
  }

  /** Those that were asked for by their own name. */
  public Set<What> named() {
    Set<What> kinds = EnumSet.noneOf(What.class);
    for (String name : names) {
      String known = name.strip();
      if (!known.equals(ALL)) {
        kinds.add(kind(known));
      }
    }
    return kinds;
  }

  private static What kind(String name) {
    return Arrays.stream(What.values())
        .filter(what -> what.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.USAGE,
                    "--what: there is no '%s'; it is some of %s"
                        .formatted(name, String.join(", ", new Names()))));
  }
}
