package io.ramtide.acquirer.pages;

/** A sink did not take a chunk; the cause says why. */
public final class SinkException extends Exception {
  private static final long serialVersionUID = 1L;

  public SinkException(Exception cause) {
    super(cause);
  }
}
