package io.ramtide.scanner.worker;

/** The worker was asked to stop while it read; nothing of the capture in hand was published. */
final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
}
