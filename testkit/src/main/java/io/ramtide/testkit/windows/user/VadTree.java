package io.ramtide.testkit.windows.user;

import io.ramtide.testkit.truth.VadTruth;
import io.ramtide.testkit.windows.KernelFacts;
import io.ramtide.testkit.windows.KernelSpace;
import io.ramtide.testkit.windows.Struct;
import io.ramtide.testkit.windows.pool.Pool;
import io.ramtide.testkit.windows.pool.PoolBlock;
import io.ramtide.testkit.windows.section.Section;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The tree of virtual address descriptors of a process, balanced. Private memory has an MMVAD_SHORT
 * (tag VadS), all else an MMVAD (Vad).
 */
final class VadTree {

  private static final int IMAGE_MAP = 2; // VadType

  private final KernelSpace space;
  private final Pool pool;
  private final int pid;
  private final List<PoolBlock> blocks = new ArrayList<>();
  private final List<VadTruth> truth = new ArrayList<>();

  VadTree(KernelSpace space, Pool pool, int pid) {
    this.space = space;
    this.pool = pool;
    this.pid = pid;
  }

  /** Writes the nodes and the root in the EPROCESS. */
  void write(long eprocess, List<Region> regions) {
    List<Region> sorted = new ArrayList<>(regions);
    sorted.sort(Comparator.comparingLong(Region::start));
    Struct process = space.struct("_EPROCESS", eprocess);
    long rootField = process.address("VadRoot");
    boolean early = hasEarlyRoot(space.facts);
    if (early) {
      Struct table = space.struct("_MM_AVL_TABLE", rootField);
      table.u64("BalancedRoot.RightChild", node(sorted, rootField));
      table.bits("NumberGenericTableElements", sorted.size());
    } else {
      process.u64("VadRoot", node(sorted, 0)).u64IfPresent("VadCount", sorted.size());
    }
  }

  private static boolean hasEarlyRoot(KernelFacts facts) {
    return facts.hasType("_MM_AVL_TABLE");
  }

  private long node(List<Region> regions, long parent) {
    if (regions.isEmpty()) {
      return 0;
    }
    int middle = regions.size() / 2;
    Region region = regions.get(middle);
    String type = region.section() == null ? "_MMVAD_SHORT" : "_MMVAD";
    PoolBlock block =
        pool.allocate(
            space.facts.tag(region.section() == null ? "vadShort" : "vad"),
            space.facts.size(type),
            PoolBlock.NON_PAGED);
    blocks.add(block);
    long va = block.body();
    describe(va, region, parent);
    space
        .struct("_MMVAD_SHORT", va)
        .u64("Left", node(regions.subList(0, middle), va))
        .u64("Right", node(regions.subList(middle + 1, regions.size()), va));
    return va;
  }

  private void describe(long va, Region region, long parent) {
    boolean image = region.section() != null && region.section().image();
    Struct vad = space.struct("_MMVAD_SHORT", va).u64("Parent", parent);
    long first = region.start() >>> 12;
    long last = region.end() >>> 12;
    if (vad.has("StartingVpnHigh")) {
      vad.u32("StartingVpn", (int) first)
          .u32("EndingVpn", (int) last)
          .u8("StartingVpnHigh", (int) (first >>> 32))
          .u8("EndingVpnHigh", (int) (last >>> 32));
    } else {
      vad.u64("StartingVpn", first).u64("EndingVpn", last);
    }
    vad.bits("VadType", image ? IMAGE_MAP : 0)
        .bits("Protection", region.protection().number)
        .bits("PrivateMemory", region.section() == null ? 1 : 0)
        .bits("MemCommit", region.section() == null ? 1 : 0)
        .bits("CommitCharge", region.commit());
    Section section = region.section();
    if (section != null) {
      space
          .struct("_MMVAD", va)
          .u64("Subsection", section.subsection())
          .u64("FirstPrototypePte", section.prototypes())
          .u64("LastContiguousPte", section.prototypes() + 8L * (region.pages() - 1))
          .u64IfPresent("FileObject", image ? section.fileVa() : 0);
    }
    truth.add(
        new VadTruth(
            pid,
            region.start(),
            region.end(),
            region.protection().name(),
            image,
            section == null,
            region.commit(),
            section == null ? null : section.path(),
            region.mz(),
            va));
  }

  List<VadTruth> truth() {
    return List.copyOf(truth);
  }

  /** Deletes the tree, as the end of a process does. */
  void free(long eprocess) {
    Struct process = space.struct("_EPROCESS", eprocess);
    if (hasEarlyRoot(space.facts)) {
      Struct table = space.struct("_MM_AVL_TABLE", process.address("VadRoot"));
      table.u64("BalancedRoot.RightChild", 0).bits("NumberGenericTableElements", 0);
    } else {
      process.u64("VadRoot", 0).u64IfPresent("VadCount", 0);
    }
    blocks.forEach(pool::free);
    blocks.clear();
    truth.clear();
  }
}
