package io.ramtide.scanner.symbols.isf;

/** A file that cannot be imported; the message says why and what to do, without the file's name. */
final class UnusableTableException extends Exception {
  private static final long serialVersionUID = 1;

  UnusableTableException(String message) {
    super(message);
  }

  UnusableTableException(String message, Throwable cause) {
    super(message, cause);
  }
}
