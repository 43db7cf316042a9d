package io.ramtide.scanner.windows.process;

/** What one rule says of one object. */
enum Verdict {
  PASS,
  FAIL,
  /** What it needs could not be read. */
  UNKNOWN;

  static Verdict of(boolean holds) {
    return holds ? PASS : FAIL;
  }
}
