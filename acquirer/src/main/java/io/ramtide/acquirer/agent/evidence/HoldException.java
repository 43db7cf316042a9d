package io.ramtide.acquirer.agent.evidence;

/** Captures were not held; the message says which, why, and what to do. */
final class HoldException extends Exception {
  private static final long serialVersionUID = 1L;

  HoldException(String message, Throwable cause) {
    super(message, cause);
  }
}
