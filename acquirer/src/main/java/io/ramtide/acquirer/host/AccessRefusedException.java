package io.ramtide.acquirer.host;

import java.io.IOException;

/** Linux refused to let this process look into another one; the message says what it needs. */
public final class AccessRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  AccessRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
