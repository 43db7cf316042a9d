package io.ramtide.acquirer.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.acquirer.source.Ranges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks QEMU where a guest's RAM is. */
public final class GuestLayouts {
  private static final Pattern HVA =
      Pattern.compile(
          "Host virtual address for 0x([0-9a-f]{1,16}) \\((.*)\\) is 0x([0-9a-f]{1,16})\\s*");

  /** More than any process addresses: 57 bits, of which the upper half is the kernel's. */
  private static final long MAX_HVA = 1L << 56;

  private GuestLayouts() {}

  /**
   * The RAM of a machine, as it is wired: all of it, whatever the guest has its chipset show in
   * front of it. So a guest can neither hide RAM (behind SMRAM, PAM, or the video window) nor
   * change the layout; only plugging changes it.
   *
   * @throws MonitorException if QEMU does not answer, or its answer cannot be true
   */
  public static GuestLayout of(Monitor monitor) throws MonitorException {
    String text = monitor.human("info mtree -D");
    if (text.startsWith("mtree: unsupported option")) {
      text = monitor.human("info mtree"); // Before 5.2 it does not tell disabled regions.
    }
    List<RamRegion> regions = RamWiring.of(MemoryTree.parse(text));
    requireAll(monitor, regions);
    return new GuestLayout(withHva(monitor, regions));
  }

  /**
   * The frames of RAM that the guest's processors do not see at this moment, because its chipset
   * shows something else there: what is read by guest-physical address through QEMU is not RAM
   * there. The guest may change that at any time.
   */
  public static List<MemoryRange> hidden(Monitor monitor, GuestLayout layout)
      throws MonitorException {
    List<MemoryRange> visible =
        Ranges.wholeFrames(FlatView.visible(monitor.human("info mtree -f"), layout));
    return Ranges.minus(layout.ram(), visible);
  }

  /** A machine wired in a way that is not known must not pass for one with less RAM. */
  private static void requireAll(Monitor monitor, List<RamRegion> regions) throws MonitorException {
    JsonNode bytes = monitor.execute("query-memory-size-summary", Map.of()).path("base-memory");
    if (!bytes.canConvertToLong() || bytes.longValue() <= 0) {
      throw MonitorText.bad(
          "query-memory-size-summary", "base-memory is no size", bytes.toString());
    }
    long found = Ranges.bytes(regions.stream().map(RamRegion::range).toList());
    if (found < bytes.longValue()) {
      throw MonitorText.bad(
          "info mtree",
          "it shows %d bytes of RAM, but the machine has %d".formatted(found, bytes.longValue()),
          String.join(", ", regions.stream().map(RamRegion::block).distinct().toList()));
    }
  }

  /** Blocks are contiguous in QEMU's process, so one question a block is enough. */
  private static List<RamRegion> withHva(Monitor monitor, List<RamRegion> regions)
      throws MonitorException {
    Map<String, OptionalLong> blocks = new HashMap<>();
    List<RamRegion> known = new ArrayList<>();
    for (RamRegion region : regions) {
      OptionalLong block = blocks.get(region.block());
      if (block == null) {
        block = block(monitor, region);
        blocks.put(region.block(), block);
      }
      OptionalLong hva =
          block.isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(block.getAsLong() + region.blockOffset());
      if (hva.isPresent() && hva.getAsLong() + region.range().length() > MAX_HVA) {
        throw MonitorText.bad("gpa2hva", "no process has that address", region.toString());
      }
      known.add(new RamRegion(region.range(), region.block(), region.blockOffset(), hva));
    }
    return known;
  }

  /** The address of a block's first byte; empty where QEMU does not tell, or the guest hides it. */
  private static OptionalLong block(Monitor monitor, RamRegion region) throws MonitorException {
    String gpa = Long.toHexString(region.range().gpa());
    String reply = monitor.human("gpa2hva 0x" + gpa);
    Matcher matcher = HVA.matcher(reply);
    if (!matcher.matches()
        || !matcher.group(1).equals(gpa)
        || !matcher.group(2).equals(region.block())) {
      return OptionalLong.empty();
    }
    long start = Long.parseUnsignedLong(matcher.group(3), 16) - region.blockOffset();
    if (start <= 0 || start >= MAX_HVA || start % MemorySource.FRAME_BYTES != 0) {
      throw MonitorText.bad("gpa2hva", "that is no address of a block of RAM", reply);
    }
    return OptionalLong.of(start);
  }
}
