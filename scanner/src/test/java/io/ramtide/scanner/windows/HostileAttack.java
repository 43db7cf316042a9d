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
 */
record HostileAttack(
    String name, int arenaMegabytes, Consumer<HostileImage> write, List<String> said) {
  HostileAttack(String name, int arenaMegabytes, Consumer<HostileImage> write, String... said) {
    this(name, arenaMegabytes, write, List.of(said));
  }
}
