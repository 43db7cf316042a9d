package io.ramtide.acquirer;

/** A capture was not made; the message says what, where and what to do. No manifest was written. */
public final class CaptureException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is. */
  public enum Cause {
    /** The broker is not there, went away or refused. */
    BROKER,
    /** The source could not be read. */
    SOURCE,
    /** The acquirer's own configuration, e.g. its key file. */
    CONFIGURATION
  }

  private final Cause origin;

  public CaptureException(Cause origin, String message, Throwable cause) {
    super(message, cause);
    this.origin = origin;
  }

  public Cause origin() {
    return origin;
  }
}
