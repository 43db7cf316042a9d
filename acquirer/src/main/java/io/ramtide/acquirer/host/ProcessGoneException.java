package io.ramtide.acquirer.host;

import java.io.IOException;

/** A process has ended, or its number is another process's now. */
public final class ProcessGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  ProcessGoneException(String message, Throwable cause) {
    super(message, cause);
  }
}
