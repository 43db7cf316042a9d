package io.ramtide.acquirer.live;

import java.io.IOException;

/** The folder that a method writes to has too little room; the message says where and how much. */
public final class NoSpaceException extends IOException {
  private static final long serialVersionUID = 1L;

  public NoSpaceException(String message) {
    this(message, null);
  }

  public NoSpaceException(String message, Throwable cause) {
    super(message, cause);
  }
}
