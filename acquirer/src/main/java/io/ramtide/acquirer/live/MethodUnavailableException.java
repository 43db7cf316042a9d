package io.ramtide.acquirer.live;

import java.io.IOException;

/** A method cannot be used on this guest or host; the message says why, and what would help. */
public final class MethodUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  public MethodUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
