package io.ramtide.scanner.windows.scan;

import io.ramtide.scanner.memory.FrameSet;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.PagingMode;
import io.ramtide.scanner.signature.SignatureScanner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds frames that refer to themselves from a slot of the kernel half. Every Windows root also
 * maps KUSER_SHARED_DATA, at the same address in every build: one look at that slot rules nearly
 * every other frame out.
 */
final class RootProbe implements SignatureScanner.FrameHandler {
  /** Far above the number of processes of a guest, each of which has one. */
  static final int MAX_ROOTS = 1 << 14;

  private final PagingMode mode;
  private final long ramEnd;
  private final int kuserEntry;
  private final int entries;
  private final List<RootCandidate> roots = new ArrayList<>();

  RootProbe(PagingMode mode, PhysicalMemory memory) {
    this.mode = mode;
    this.ramEnd = memory.ram().isEmpty() ? 0 : memory.ram().get(memory.ram().size() - 1).end();
    PagingMode.Level top = mode.levels().get(0);
    this.entries = 1 << top.bits();
    this.kuserEntry = (int) (GuestScan.USER_SHARED_DATA >>> top.shift()) & (entries - 1);
  }

  @Override
  public void frame(long gpa, ByteBuffer block, int offset) {
    if (roots.size() == MAX_ROOTS || !isTable(entry(block, offset, kuserEntry))) {
      return;
    }
    for (int i = entries / 2; i < entries; i++) {
      long entry = entry(block, offset, i);
      if ((entry & mode.presentBit()) != 0
          && (entry & mode.leafBit()) == 0
          && (entry & mode.addressMask()) == gpa) {
        roots.add(new RootCandidate(gpa, i));
        return;
      }
    }
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

  /** Adds those of a scan before that are not in frames that changed. */
  void keep(List<RootCandidate> before, FrameSet changed) {
    before.stream().filter(root -> !changed.contains(root.gpa())).forEach(roots::add);
    roots.sort(Comparator.comparingLong(RootCandidate::gpa));
  }

  /** Whether there may be more. */
  boolean isFull() {
    return roots.size() >= MAX_ROOTS;
  }

  List<RootCandidate> roots() {
    return List.copyOf(roots);
  }
}
