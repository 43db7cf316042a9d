package io.ramtide.acquirer.libvirt.connection;

import java.io.IOException;

/** libvirt cannot be reached, or refused; the message says what, where, and what to do. */
public final class HypervisorException extends IOException {
  private static final long serialVersionUID = 1L;

  public HypervisorException(String message, Throwable cause) {
    super(message, cause);
  }
}
