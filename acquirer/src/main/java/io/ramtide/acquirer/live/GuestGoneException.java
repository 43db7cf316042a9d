package io.ramtide.acquirer.live;

import java.io.IOException;

/** The virtual machine is not there any more: ended, migrated away, or undefined. */
public final class GuestGoneException extends IOException {
  private static final long serialVersionUID = 1L;

  public GuestGoneException(String message, Throwable cause) {
    super(message, cause);
  }
}
