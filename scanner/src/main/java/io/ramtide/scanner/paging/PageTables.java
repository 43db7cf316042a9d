package io.ramtide.scanner.paging;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.PagingMode.Level;
import java.util.List;
import java.util.OptionalLong;

/** The engine: walks the page tables under one root, in any {@link PagingMode}. */
public final class PageTables {
  private final PagingMode mode;
  private final FrameReader frames;
  private final long root;

  /**
   * @param cr3 GPA of the root table; low bits (PCID, flags) are ignored
   */
  public PageTables(PagingMode mode, FrameReader frames, long cr3) {
    this.mode = mode;
    this.frames = frames;
    this.root = mode.root(cr3);
  }

  public PagingMode mode() {
    return mode;
  }

  FrameReader frames() {
    return frames;
  }

  public PhysicalMemory memory() {
    return frames.memory();
  }

  /** GPA of the root table. */
  public long root() {
    return root;
  }

  /**
   * Where {@code va} is. {@link Translation.Mapped} says what the tables say: whether that frame
   * was captured is the reader's question.
   */
  public Translation translate(long va) {
    if (!mode.isCanonical(va)) {
      return new Translation.NotCanonical(va);
    }
    long table = root;
    List<Level> levels = mode.levels();
    for (int i = 0; i < levels.size(); i++) {
      Level level = levels.get(i);
      long entryGpa = table + (long) level.index(va) * PagingMode.ENTRY_BYTES;
      OptionalLong entry = frames.qword(entryGpa);
      if (entry.isEmpty()) {
        return notCaptured(va, entryGpa, level.name());
      }
      if ((entry.getAsLong() & mode.presentBit()) == 0) {
        return new Translation.NotResident(va, PteState.of(entry.getAsLong()), level.name());
      }
      if (isLeaf(mode, i, entry.getAsLong())) {
        return new Translation.Mapped(
            va,
            leafStart(mode, level, entry.getAsLong()) + (va & (level.span() - 1)),
            level.span());
      }
      table = entry.getAsLong() & mode.addressMask();
    }
    throw new IllegalStateException("the last level of " + mode.name() + " maps no memory");
  }

  private Translation notCaptured(long va, long gpa, String what) {
    return new Translation.NotCaptured(
        va, gpa & -PhysicalMemory.FRAME_BYTES, frames.memory().status(gpa), what);
  }

  static boolean isLeaf(PagingMode mode, int depth, long entry) {
    return depth == mode.levels().size() - 1
        || (mode.levels().get(depth).mayBeLeaf() && (entry & mode.leafBit()) != 0);
  }

  /** GPA of the first byte a leaf maps; bits below its span are flags (PAT), not address. */
  static long leafStart(PagingMode mode, Level level, long entry) {
    return entry & mode.addressMask() & -level.span();
  }
}
