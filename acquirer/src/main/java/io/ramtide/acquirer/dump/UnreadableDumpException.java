package io.ramtide.acquirer.dump;

/** A file is no memory dump or cannot be read; the message says what, where and what to do. */
public final class UnreadableDumpException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnreadableDumpException(String message) {
    super(message);
  }

  public UnreadableDumpException(String message, Throwable cause) {
    super(message, cause);
  }
}
