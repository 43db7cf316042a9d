package io.ramtide.scanner.windows;

import java.util.List;
import java.util.function.Consumer;

/**
 * An attack on the scanner.
 *
 * @param arenaMegabytes of memory that it needs
 * @param write changes the image
 * @param said what the analysis is to say: "kind: part of its coverage", or "list: " and "capture:
 *     " for the active list and the whole
 * @param spared what is found nevertheless, all of it: hives of \REGISTRY\MACHINE with all their
 *     keys, or "endpoints"
 * @param build that it is for; 0: all
 */
record HostileAttack(
    String name,
    int arenaMegabytes,
    Consumer<HostileImage> write,
    List<String> said,
    List<String> spared,
    int build) {
  HostileAttack(String name, int arenaMegabytes, Consumer<HostileImage> write, String... said) {
    this(name, arenaMegabytes, write, List.of(said), List.of(), 0);
  }

  HostileAttack sparing(String... what) {
    return new HostileAttack(name, arenaMegabytes, write, said, List.of(what), build);
  }

  HostileAttack only(int number) {
    return new HostileAttack(name, arenaMegabytes, write, said, spared, number);
  }

  boolean isFor(int number) {
    return build == 0 || build == number;
  }
}
