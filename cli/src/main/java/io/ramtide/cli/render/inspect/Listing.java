package io.ramtide.cli.render.inspect;

import io.ramtide.cli.term.Terminal;
import org.apache.avro.specific.SpecificRecord;

/** Gathers the findings of one kind for people. */
interface Listing {
  /**
   * Adds a finding.
   *
   * @param room characters that may still be kept
   * @return characters that were kept
   */
  long add(SpecificRecord finding, long room);

  /** How many were added. */
  long findings();

  void print(Terminal terminal);
}
