package io.ramtide.scanner.worker;

/** A capture cannot be rebuilt from the topics, now or later; the message says why. */
final class CaptureUnreadableException extends Exception {
  private static final long serialVersionUID = 1L;

  CaptureUnreadableException(String message) {
    super(message);
  }

  CaptureUnreadableException(String message, Throwable cause) {
    super(message, cause);
  }
}
