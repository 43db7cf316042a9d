package io.ramtide.acquirer.qemu;

import java.io.IOException;

/** QEMU refused a command or did not answer; the message says which command, and why. */
public final class MonitorException extends IOException {
  private static final long serialVersionUID = 1L;

  public MonitorException(String message, Throwable cause) {
    super(message, cause);
  }
}
