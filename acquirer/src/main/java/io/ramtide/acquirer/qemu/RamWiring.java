package io.ramtide.acquirer.qemu;

import io.ramtide.acquirer.qemu.MemoryTree.Node;
import io.ramtide.acquirer.source.MemoryRange;
import io.ramtide.acquirer.source.MemorySource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Where a machine's RAM is wired to, from the tree of its address space "memory". RAM and the
 * containers on the way to it have priority 0 on every x86 machine: ram-below-4g, ram-above-4g, and
 * DIMMs below device-memory. Whatever has another priority lies over or under it and is moved by
 * the guest: PCI's memory (-1, with video memory, option ROMs and pc.bios), the windows of PAM and
 * SMRAM (1). Of what is left, only the type "ram" is RAM: "rom" and "romd" are firmware, "ramd" is
 * a passed-through device, and "nv-ram" an NVDIMM, which is a disk.
 */
final class RamWiring {
  /** No x86 processor addresses more than 52 bits of physical memory. */
  static final long MAX_GPA = 1L << 52;

  /** More than any guest has. */
  private static final long MAX_RAM = 1L << 46;

  /** QEMU has at most 256 slots for DIMMs, 128 NUMA nodes, and 256 parts of a virtio-mem. */
  private static final int MAX_REGIONS = 4096;

  /** The deepest are three: an alias to a container of a NUMA node's RAM. */
  private static final int MAX_DEPTH = 16;

  /** Regions looked at, again by every alias: a machine has some hundred. */
  private static final int MAX_STEPS = 1 << 18;

  private static final String COMMAND = "info mtree";

  private final MemoryTree tree;
  private final List<RamRegion> regions = new ArrayList<>();
  private int steps;

  private RamWiring(MemoryTree tree) {
    this.tree = tree;
  }

  /** Ascending and disjoint; parts of a block that continue each other are joined. */
  static List<RamRegion> of(MemoryTree tree) throws MonitorException {
    RamWiring wiring = new RamWiring(tree);
    Node root = tree.space("memory");
    wiring.add(root, 0, root.end() - root.start(), root.start(), MAX_DEPTH);
    return checked(wiring.regions);
  }

  /**
   * Adds the RAM in a part of a region.
   *
   * @param from offset in the region of the part's first byte; unsigned, as the next two
   * @param to offset of the part's last byte, inclusive
   * @param gpa where the part's first byte is seen
   */
  private void add(Node node, long from, long to, long gpa, int depth) throws MonitorException {
    if (depth == 0) {
      throw MonitorText.bad(COMMAND, "regions are nested too deep", node.name());
    }
    long last = min(to, node.end() - node.start());
    // An alias tells its own type: that of an NVDIMM shows a region that itself is plain "ram".
    boolean possible = node.type().equals("ram") || node.type().equals("i/o");
    if (!possible || !node.enabled() || Long.compareUnsigned(from, last) > 0) {
      return;
    }
    if (node.alias().isPresent()) {
      long shift = node.alias().get().from();
      Node target = tree.region(node.alias().get().target());
      if (Long.compareUnsigned(from + shift, shift) >= 0) {
        long end = Long.compareUnsigned(last + shift, shift) < 0 ? -1 : last + shift;
        add(target, from + shift, end, gpa, depth - 1);
      }
    } else if (node.type().equals("ram")) {
      addRam(node.name(), from, last, gpa);
    } else {
      for (Node child : node.children()) {
        if (++steps > MAX_STEPS) {
          throw MonitorText.bad(COMMAND, "too many regions are on the way to RAM", node.name());
        }
        long start = child.start() - node.start();
        if (child.priority() == 0 && Long.compareUnsigned(start, last) <= 0) {
          long first = max(from, start);
          add(child, first - start, last - start, gpa + (first - from), depth - 1);
        }
      }
    }
  }

  private void addRam(String block, long from, long to, long gpa) throws MonitorException {
    long bytes = to - from + 1;
    if (gpa < 0 || gpa >= MAX_GPA || from < 0 || bytes <= 0 || bytes > MAX_GPA - gpa) {
      throw MonitorText.bad(
          COMMAND, "0x%x bytes of RAM at 0x%x are not possible".formatted(bytes, gpa), block);
    }
    long mask = MemorySource.FRAME_BYTES - 1L;
    if ((gpa & mask) != (from & mask)) {
      throw MonitorText.bad(
          COMMAND, "RAM at 0x%x does not begin with a page of its block".formatted(gpa), block);
    }
    long start = (gpa + mask) & ~mask;
    long end = (gpa + bytes) & ~mask;
    if (start < end) {
      MemoryRange range = new MemoryRange(start, end - start);
      regions.add(new RamRegion(range, block, from + (start - gpa), OptionalLong.empty()));
    }
  }

  private static List<RamRegion> checked(List<RamRegion> unordered) throws MonitorException {
    List<RamRegion> sorted = new ArrayList<>(unordered);
    sorted.sort(Comparator.comparingLong(region -> region.range().gpa()));
    List<RamRegion> joined = new ArrayList<>();
    long bytes = 0;
    for (RamRegion region : sorted) {
      RamRegion last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && region.range().gpa() < last.range().end()) {
        throw MonitorText.bad(
            COMMAND,
            "two parts of RAM overlap at 0x%x".formatted(region.range().gpa()),
            last.block() + ", " + region.block());
      }
      bytes += region.range().length();
      if (bytes > MAX_RAM) {
        throw MonitorText.bad(COMMAND, "it tells more than 64 TiB of RAM", region.block());
      }
      if (last != null && continues(last, region)) {
        long length = last.range().length() + region.range().length();
        MemoryRange range = new MemoryRange(last.range().gpa(), length);
        joined.set(
            joined.size() - 1,
            new RamRegion(range, last.block(), last.blockOffset(), OptionalLong.empty()));
      } else {
        joined.add(region);
      }
    }
    if (joined.size() > MAX_REGIONS) {
      throw MonitorText.bad(
          COMMAND, "RAM in %d parts".formatted(joined.size()), joined.get(0).block());
    }
    return List.copyOf(joined);
  }

  private static boolean continues(RamRegion first, RamRegion second) {
    return first.range().end() == second.range().gpa()
        && first.block().equals(second.block())
        && first.blockOffset() + first.range().length() == second.blockOffset();
  }

  private static long max(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? b : a;
  }

  private static long min(long a, long b) {
    return Long.compareUnsigned(a, b) < 0 ? a : b;
  }
}
