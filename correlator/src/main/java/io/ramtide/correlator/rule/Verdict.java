package io.ramtide.correlator.rule;

/** What a rule says of a process in one capture. */
public enum Verdict {
  /** As it should be; a later violation is a new one. */
  NORMAL,
  /** The capture cannot tell, or there is nothing to tell any more. */
  UNDECIDED,
  VIOLATED
}
