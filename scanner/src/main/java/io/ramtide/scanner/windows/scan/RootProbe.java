package io.ramtide.scanner.windows.scan;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.memory.PhysicalRange;
import io.ramtide.scanner.paging.PagingMode;
import io.ramtide.scanner.signature.SignatureScanner;
import io.ramtide.scanner.windows.scan.RootCandidate.Origin;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds frames that refer to themselves from a slot of the kernel half, in any paging mode of x64.
 * Every Windows root also maps KUSER_SHARED_DATA, at the same address in every build: one look at
 * that slot rules nearly every other frame out. Besides, the root that the low stub names.
 */
public final class RootProbe implements SignatureScanner.FrameHandler {
  /** Far above the number of processes of a guest, each of which has one; in each mode. */
  static final int MAX_ROOTS = 1 << 14;

  private static final List<PagingMode> MODES =
      List.of(PagingMode.X64_4_LEVEL, PagingMode.X64_5_LEVEL);

  private final LowStub stub = LowStub.shipped();
  private final List<Probe> probes;
  private final List<Long> stubRoots = new ArrayList<>();

  RootProbe(PhysicalMemory memory) {
    this.probes = MODES.stream().map(mode -> new Probe(mode, memory)).toList();
  }

  @Override
  public void frame(long gpa, ByteBuffer block, int offset) {
    for (Probe probe : probes) {
      probe.frame(gpa, block, offset);
    }
    if (gpa < stub.limit()) {
      stub.root(block, offset).ifPresent(stubRoots::add);
    }
  }

  /** Where start-up code may lie: from 0 to this GPA. */
  long stubEnd() {
    return stub.limit();
  }

  /** Adds those roots of a scan before that are not in frames that changed. */
  void keep(List<RootCandidate> before, FrameSet changed) {
    for (Probe probe : probes) {
      before.stream()
          .filter(root -> root.mode().equals(probe.mode) && !changed.contains(root.gpa()))
          .forEach(probe.roots::add);
      probe.roots.sort(Comparator.comparingLong(RootCandidate::gpa));
    }
  }

  /** Whether there may be more. */
  boolean isFull() {
    return probes.stream().anyMatch(probe -> probe.roots.size() >= MAX_ROOTS);
  }

  /** By mode, fewest levels first; then by GPA. */
  List<RootCandidate> roots() {
    List<RootCandidate> roots = new ArrayList<>();
    probes.forEach(probe -> roots.addAll(probe.roots));
    return List.copyOf(roots);
  }

  /** GPAs that start-up code in the first megabyte names. */
  List<Long> stubRoots() {
    return List.copyOf(stubRoots);
  }

  /**
   * What a value of CR3, or a DirectoryTableBase, may be the root of: one candidate for each paging
   * mode in which it maps the area of KUSER_SHARED_DATA.
   */
  public static List<RootCandidate> candidates(FrameReader frames, long cr3, Origin origin) {
    List<RootCandidate> candidates = new ArrayList<>();
    for (PagingMode mode : MODES) {
      Probe probe = new Probe(mode, frames.memory());
      long gpa = mode.root(cr3);
      Optional<ByteBuffer> frame = frames.frame(gpa);
      if (frame.isPresent() && probe.isRoot(frame.get(), 0)) {
        int self = probe.selfReference(gpa, frame.get(), 0);
        candidates.add(new RootCandidate(gpa, self, mode, origin));
      }
    }
    return candidates;
  }

  /** Looks for the roots of one mode. */
  private static final class Probe {
    private final PagingMode mode;
    private final long ramEnd;
    private final int kuserEntry;
    private final int entries;
    private final List<RootCandidate> roots = new ArrayList<>();

    Probe(PagingMode mode, PhysicalMemory memory) {
      this.mode = mode;
      this.ramEnd = memory.ram().stream().mapToLong(PhysicalRange::end).max().orElse(0);
      PagingMode.Level top = mode.levels().get(0);
      this.entries = 1 << top.bits();
      this.kuserEntry = (int) (GuestScan.USER_SHARED_DATA >>> top.shift()) & (entries - 1);
    }

    void frame(long gpa, ByteBuffer block, int offset) {
      if (roots.size() == MAX_ROOTS || !isRoot(block, offset)) {
        return;
      }
      int self = selfReference(gpa, block, offset);
      if (self >= 0) {
        roots.add(new RootCandidate(gpa, self, mode, Origin.SELF_REFERENCE));
      }
    }

    boolean isRoot(ByteBuffer block, int offset) {
      return isTable(entry(block, offset, kuserEntry));
    }

    /** The slot of the kernel half that refers to the frame itself, or -1. */
    int selfReference(long gpa, ByteBuffer block, int offset) {
      for (int i = entries / 2; i < entries; i++) {
        long entry = entry(block, offset, i);
        if ((entry & mode.presentBit()) != 0
            && (entry & mode.leafBit()) == 0
            && (entry & mode.addressMask()) == gpa) {
          return i;
        }
      }
      return -1;
    }

    private static long entry(ByteBuffer block, int offset, int index) {
      return block.getLong(offset + index * PagingMode.ENTRY_BYTES);
    }

    private boolean isTable(long entry) {
      long gpa = entry & mode.addressMask();
      return (entry & mode.presentBit()) != 0
          && (entry & mode.leafBit()) == 0
          && gpa != 0
          && gpa < ramEnd;
    }
  }
}
