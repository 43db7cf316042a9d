package io.ramtide.acquirer.live;

import io.ramtide.acquirer.source.MemorySource;
import java.io.Closeable;
import java.io.IOException;

/**
 * One way to read one running guest again and again. It keeps what lasts from capture to capture,
 * e.g. a mapping; after a new layout or run of the guest, {@link #open} takes that up by itself.
 */
public interface CaptureMethod extends Closeable {
  Method method();

  /**
   * The guest's RAM for one capture. At most one is open.
   *
   * @throws MethodUnavailableException if this host or guest does not allow it any more
   * @throws GuestGoneException if the guest has ended
   * @throws IOException if it failed this time
   */
  MemorySource open() throws IOException;

  /** Makes a method for one guest. */
  @FunctionalInterface
  interface Factory {
    /**
     * Looks whether the method can be used, without stalling or changing the guest.
     *
     * @throws MethodUnavailableException if it cannot, with why and what would help
     * @throws GuestGoneException if the guest has ended
     */
    CaptureMethod of(LiveGuest guest, MethodOptions options) throws IOException;
  }
}
