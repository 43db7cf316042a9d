package io.ramtide.acquirer.qemu;

import io.ramtide.acquirer.source.MachineFacts;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.Ranges;
import java.util.List;
import java.util.Optional;

/**
 * The RAM that a balloon took from a guest. Which frames these are only the guest knows; the host
 * holds no memory for them, as for those that were never touched.
 *
 * @param heldBytes what the guest gave up; 0 if the balloon is empty, or there is none
 */
public record Balloon(long heldBytes) {

  /** The balloon tells what it leaves the guest: of all RAM, plugged one included. */
  public static Balloon of(MachineFacts machine, GuestLayout layout) {
    long ram = Ranges.bytes(layout.ram());
    return new Balloon(Math.max(0, ram - machine.balloonBytes().orElse(ram)));
  }

  /**
   * What cannot be said to be zero although the host holds no memory for it.
   *
   * @param data frames that the host holds memory for
   */
  public List<MemoryRange> unreadable(GuestLayout layout, List<MemoryRange> data) {
    return heldBytes == 0 ? List.of() : Ranges.minus(layout.ram(), data);
  }

  /** For a method that sees which frames the host holds memory for. */
  public Optional<String> warning() {
    return warning("frames without memory on the host are unreadable, not zero");
  }

  /** For a method that reads what the balloon took as zeros, like frames that are zero. */
  public Optional<String> warningOfZeros() {
    return warning("this method cannot tell the frames it took, and reads them as zero");
  }

  private Optional<String> warning(String consequence) {
    return heldBytes == 0
        ? Optional.empty()
        : Optional.of("the balloon holds %d MiB: %s".formatted(heldBytes >> 20, consequence));
  }
}
