package io.ramtide.scanner.symbols;

/** Symbol data cannot be read; the message says which and what to do. */
public final class SymbolDataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public SymbolDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
