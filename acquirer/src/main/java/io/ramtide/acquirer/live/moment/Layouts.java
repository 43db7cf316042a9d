package io.ramtide.acquirer.live.moment;

import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.qemu.GuestLayout;
import java.io.IOException;

/** Whether RAM stayed where it was. */
final class Layouts {
  private Layouts() {}

  /**
   * @throws IOException if RAM was plugged or unplugged since the layout was asked for
   */
  static void requireSame(LiveGuest guest, GuestLayout before) throws IOException {
    if (!guest.layout().equals(before)) {
      throw new IOException(
          "%s: RAM was plugged or unplugged while it was captured; capture it again"
              .formatted(guest.name()));
    }
  }
}
