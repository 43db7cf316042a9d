package io.ramtide.acquirer.live.seen;

import io.ramtide.acquirer.live.GuestGoneException;
import io.ramtide.acquirer.live.LiveGuest;
import io.ramtide.acquirer.qemu.Balloon;
import io.ramtide.acquirer.qemu.GuestLayout;
import io.ramtide.acquirer.qemu.GuestLayouts;
import io.ramtide.acquirer.qemu.QemuFacts;
import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.Ranges;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A guest's RAM for those methods that read guest-physical addresses through the hypervisor: they
 * see what the guest's processors see, which is not RAM wherever the chipset shows something else.
 *
 * @param run as {@link LiveGuest#run}
 * @param hidden RAM that cannot be seen, when it was asked
 */
record SeenRam(
    String run,
    GuestLayout layout,
    MachineFacts machine,
    List<Long> cr3s,
    List<MemoryRange> hidden) {

  static SeenRam of(LiveGuest guest) throws IOException {
    try {
      String run = guest.run();
      GuestLayout layout = guest.layout();
      return new SeenRam(
          run,
          layout,
          guest.facts(),
          QemuFacts.cr3s(guest.monitor()),
          GuestLayouts.hidden(guest.monitor(), layout));
    } catch (IOException e) {
      throw explain(e);
    }
  }

  /** RAM that can be read, ascending and disjoint. */
  List<MemoryRange> visible() {
    return Ranges.minus(layout.ram(), hidden);
  }

  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (!hidden.isEmpty()) {
      warnings.add(
          ("%d KiB of RAM at GPA 0x%x and behind cannot be read: the guest's chipset shows video"
                  + " memory, firmware or nothing in front of it")
              .formatted(Ranges.bytes(hidden) >> 10, hidden.get(0).gpa()));
    }
    Balloon.of(machine, layout).warningOfZeros().ifPresent(warnings::add);
    return warnings;
  }

  /** What the chipset hides by now, but did not then. */
  List<MemoryRange> hiddenSince(LiveGuest guest) throws IOException {
    try {
      return Ranges.minus(GuestLayouts.hidden(guest.monitor(), layout), hidden);
    } catch (IOException e) {
      throw explain(e);
    }
  }

  /**
   * Makes sure that the guest is the same as then.
   *
   * @throws GuestGoneException if it has ended, or started again
   * @throws IOException if its RAM has another layout
   */
  void requireSame(LiveGuest guest) throws IOException {
    try {
      if (!guest.run().equals(run)) {
        throw new GuestGoneException(
            guest.name() + ": was started again while it was read; the capture is given up", null);
      }
      if (!guest.layout().equals(layout)) {
        throw new IOException(
            guest.name()
                + ": its RAM layout changed while it was read; the capture is given up, and the"
                + " next one has the new layout");
      }
    } catch (IOException e) {
      throw explain(e);
    }
  }

  /** A monitor that fails because the guest ended says so in the cause only. */
  static IOException explain(IOException e) {
    return e.getCause() instanceof GuestGoneException gone ? gone : e;
  }
}
