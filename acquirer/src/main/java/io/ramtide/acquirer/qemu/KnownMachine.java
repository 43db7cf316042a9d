package io.ramtide.acquirer.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.source.MachineFacts;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What QEMU told of one machine, so that it need not tell all of it again at every capture: its
 * monitor holds up devices while it lists the memory tree. How RAM is wired changes only when a
 * memory device is plugged, unplugged or resized, and those are asked for each time.
 */
public final class KnownMachine {
  private JsonNode devices;
  private GuestLayout layout;
  private MachineFacts facts;

  /**
   * As {@link GuestLayouts#of}: one command, unless memory devices changed.
   *
   * @throws MonitorException if QEMU does not answer, or its answer cannot be true
   */
  public synchronized GuestLayout layout(Monitor monitor) throws MonitorException {
    Optional<JsonNode> now = devices(monitor);
    if (layout != null && now.isPresent() && now.get().equals(devices)) {
      return layout;
    }
    layout = null; // What was known is not true any more, even if the next question fails.
    GuestLayout asked = GuestLayouts.of(monitor);
    // Those that were plugged between the two questions must not pass for known.
    boolean still = now.isPresent() && now.equals(devices(monitor));
    boolean whole = asked.regions().stream().allMatch(region -> region.hva().isPresent());
    if (still && whole) {
      devices = now.get();
      layout = asked;
    }
    return asked;
  }

  /**
   * As {@link QemuFacts#of}: three commands, once the machine is known.
   *
   * @throws MonitorException if QEMU does not answer
   */
  public synchronized MachineFacts facts(
      Monitor monitor,
      Optional<String> libvirtVersion,
      OptionalLong process,
      OptionalLong runningSinceMicros)
      throws MonitorException {
    if (facts != null) {
      return QemuFacts.refreshed(monitor, facts);
    }
    MachineFacts asked = QemuFacts.of(monitor, libvirtVersion, process, runningSinceMicros);
    if (asked.machineType().isPresent() && asked.accelerator().isPresent()) {
      facts = asked; // Otherwise an answer may have failed this time.
    }
    return asked;
  }

  /** Empty if QEMU does not tell: then nothing can be known to be as it was. */
  private static Optional<JsonNode> devices(Monitor monitor) {
    try {
      return Optional.of(monitor.execute("query-memory-devices", Map.of()));
    } catch (MonitorException e) {
      return Optional.empty();
    }
  }
}
