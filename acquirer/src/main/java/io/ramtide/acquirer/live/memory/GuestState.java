package io.ramtide.acquirer.live.memory;

import io.ramtide.acquirer.host.AccessRefusedException;
import io.ramtide.acquirer.host.HostProcess;
import io.ramtide.acquirer.host.ProcessGoneException;
import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.live.MethodUnavailableException;
import io.ramtide.acquirer.qemu.Balloon;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.source.MachineFacts;
import java.io.IOException;

/**
 * A guest in a process of this host, as it was when a capture began.
 *
 * @param run as {@link LiveGuest#run}
 */
record GuestState(String run, HostProcess process, GuestLayout layout, MachineFacts facts) {

  /**
   * Asks the guest.
   *
   * @throws GuestGoneException if its process has ended
   */
  static GuestState of(LiveGuest guest) throws IOException {
    try {
      String run = guest.run();
      HostProcess process = HostProcess.of(guest.pid());
      return new GuestState(run, process, guest.layout(), guest.facts());
    } catch (ProcessGoneException e) {
      throw gone(guest, e);
    }
  }

  /** Whether what was found out about the RAM of the other one is still true. */
  boolean hasRamOf(GuestState other) {
    return run.equals(other.run) && process.equals(other.process) && layout.equals(other.layout);
  }

  /**
   * Makes sure that the guest is the same as then.
   *
   * @throws GuestGoneException if it has ended, or started again
   * @throws IOException if its RAM has another layout
   */
  void requireSame(LiveGuest guest) throws IOException {
    try {
      process.requireAlive();
    } catch (ProcessGoneException e) {
      throw gone(guest, e);
    }
    if (!guest.run().equals(run)) {
      throw new GuestGoneException(
          guest.name() + ": was started again while it was read; the capture is given up", null);
    }
    if (!guest.layout().equals(layout)) {
      throw new IOException(
          guest.name()
              + ": its RAM layout changed while it was read; the capture is given up, and the next"
              + " one has the new layout");
    }
  }

  Balloon balloon() {
    return Balloon.of(facts, layout);
  }

  /** What a failure of the host's calls means for a method. */
  static IOException explain(LiveGuest guest, IOException e) {
    if (e instanceof ProcessGoneException) {
      return gone(guest, e);
    }
    if (e instanceof AccessRefusedException) {
      return new MethodUnavailableException(guest.name() + ": " + e.getMessage(), e);
    }
    return e;
  }

  private static GuestGoneException gone(LiveGuest guest, IOException e) {
    return new GuestGoneException(guest.name() + ": has ended: " + e.getMessage(), e);
  }
}
