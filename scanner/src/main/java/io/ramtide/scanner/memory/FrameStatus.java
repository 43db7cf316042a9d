package io.ramtide.scanner.memory;

/** What is known of a frame. */
public enum FrameStatus {
  /** No RAM, or RAM that the capture or dump does not hold. */
  ABSENT(false),
  DATA(true),
  ZERO(true),
  /** RAM that the acquirer tried to read and could not. */
  UNREADABLE(false);

  private final boolean readable;

  FrameStatus(boolean readable) {
    this.readable = readable;
  }

  public boolean isReadable() {
    return readable;
  }
}
