package io.ramtide.cli.term;

/** Ends a command with an exit code and one line that says what, where and what to do. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  public Failure(ExitCode exitCode, String message) {
    this(exitCode, message, null);
  }

  public Failure(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** The message of an exception, or its kind where it has none. */
  public static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
  }
}
