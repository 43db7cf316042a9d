package io.ramtide.scanner.image;

/** A chunk contradicts itself or its manifest; the message says how. */
public final class InvalidChunkException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidChunkException(String message) {
    super(message);
  }
}
