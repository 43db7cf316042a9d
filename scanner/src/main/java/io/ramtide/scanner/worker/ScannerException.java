package io.ramtide.scanner.worker;

/** The worker cannot go on; the message says what, where and what to do. Nothing is lost. */
public final class ScannerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is. */
  public enum Origin {
    /** The broker refuses: credentials, rights, another worker with the same instance name. */
    BROKER,
    /** This machine: a full disk, a folder that cannot be written. */
    LOCAL
  }

  private final Origin origin;

  ScannerException(Origin origin, String message, Throwable cause) {
    super(message, cause);
    this.origin = origin;
  }

  public Origin origin() {
    return origin;
  }
}
