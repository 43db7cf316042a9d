package io.ramtide.acquirer;

/** Hears how far a capture is. Called often, from the capturing thread. */
@FunctionalInterface
public interface Progress {
  Progress NONE = (doneBytes, totalBytes) -> {};

  /**
   * @param doneBytes RAM read and handed to the producer, of {@code totalBytes}
   */
  void at(long doneBytes, long totalBytes);

  /**
   * A chunk is about to be sent. Whoever keeps to a budget waits here.
   *
   * @param bytes of the record's value, before compression
   */
  default void sending(int bytes) {}
}
