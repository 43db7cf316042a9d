package io.ramtide.scanner.paging;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.PagingMode.Level;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * The engine: walks the page tables under one root, in any {@link PagingMode}, and follows the
 * entries that the processor leaves to Windows: a page or table in transition is read where it
 * still is, and a prototype PTE is read through the kernel's tables and followed in turn.
 *
 * <p>Bounds, whatever the tables say: a translation reads one entry a level, and at most {@link
 * #MAX_PROTOTYPES} prototype PTEs, each by one more walk: at most {@code (MAX_PROTOTYPES + 1) *
 * (levels + 1)} entries. A table that refers to itself ends with the levels.
 *
 * <p>Keeps the latest frames it found; the memory is taken not to change. Not thread-safe.
 */
public final class PageTables {
  /**
   * Prototype PTEs followed for one address. Windows needs two: a prototype PTE is in paged pool,
   * and a page of that can be behind another one only where a session maps it.
   */
  public static final int MAX_PROTOTYPES = 4;

  /**
   * Pages kept of the kernel, 16 KiB of heap, and of each process: a guest may have 2^14 of them.
   */
  private static final int KERNEL_CACHED = 1024;

  private static final int PROCESS_CACHED = 128;
  private static final long NOT_MAPPED = -1;

  private final PagingMode mode;
  private final PteFormat format;
  private final FrameReader frames;
  private final long root;
  private final PageTables kernel;
  private final VadLookup vads;
  private long[] cachedPages;
  private long[] cachedFrames;

  /**
   * Tables of a build that is not known yet.
   *
   * @param cr3 GPA of the root table; low bits (PCID, flags) are ignored
   */
  public PageTables(PagingMode mode, FrameReader frames, long cr3) {
    this(mode, PteFormat.common(), frames, cr3);
  }

  /** Tables that map the kernel: prototype PTEs are read through themselves. */
  public PageTables(PagingMode mode, PteFormat format, FrameReader frames, long cr3) {
    this.mode = mode;
    this.format = format;
    this.frames = frames;
    this.root = mode.root(cr3);
    this.kernel = this;
    this.vads = VadLookup.NONE;
  }

  private PageTables(PageTables kernel, long cr3, VadLookup vads) {
    this.mode = kernel.mode;
    this.format = kernel.format;
    this.frames = kernel.frames;
    this.root = mode.root(cr3);
    this.kernel = kernel;
    this.vads = vads;
  }

  /** Tables of a process whose kernel these tables map. */
  public PageTables process(long cr3, VadLookup processVads) {
    return new PageTables(kernel, cr3, processVads);
  }

  public PagingMode mode() {
    return mode;
  }

  /** How entries that are not valid are read. */
  public PteFormat format() {
    return format;
  }

  public FrameReader frames() {
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
    return translate(va, 0);
  }

  /** GPA of {@code va} if it is mapped, else negative; from the cache if it was asked before. */
  long mapped(long va) {
    if (cachedPages == null) {
      int size = kernel == this ? KERNEL_CACHED : PROCESS_CACHED;
      cachedPages = new long[size];
      cachedFrames = new long[size];
      Arrays.fill(cachedPages, 1);
    }
    long page = va & -PhysicalMemory.FRAME_BYTES;
    int slot = (int) ((va >>> 12) ^ (va >>> 21)) & (cachedPages.length - 1);
    if (cachedPages[slot] != page) {
      if (!(translate(page) instanceof Translation.Mapped mapped)) {
        return NOT_MAPPED;
      }
      cachedPages[slot] = page;
      cachedFrames[slot] = mapped.gpa();
    }
    return cachedFrames[slot] | (va - page);
  }

  private Translation translate(long va, int prototypes) {
    if (!mode.isCanonical(va)) {
      return new Translation.NotCanonical(va);
    }
    long table = root;
    List<Level> levels = mode.levels();
    for (int i = 0; i < levels.size(); i++) {
      Level level = levels.get(i);
      long entryGpa = table + (long) level.index(va) * PagingMode.ENTRY_BYTES;
      OptionalLong read = frames.qword(entryGpa);
      if (read.isEmpty()) {
        return notCaptured(va, entryGpa, level.name());
      }
      long entry = read.getAsLong();
      if ((entry & mode.presentBit()) != 0) {
        if (isLeaf(mode, i, entry)) {
          long gpa = leafStart(mode, level, entry) + (va & (level.span() - 1));
          return new Translation.Mapped(va, gpa, level.span());
        }
        table = entry & mode.addressMask();
        continue;
      }
      SoftwarePte software = format.decode(entry);
      boolean isLast = i == levels.size() - 1;
      if (software.state() != PteState.TRANSITION || isLast) {
        return software(va, software, level.name(), isLast, prototypes);
      }
      table = software.address();
    }
    throw new IllegalStateException("the last level of " + mode.name() + " maps no memory");
  }

  private Translation software(
      long va, SoftwarePte entry, String level, boolean isLast, int prototypes) {
    if (isLast && entry.state() == PteState.TRANSITION) {
      return inTransition(va, entry, false);
    }
    if (isLast && entry.state() == PteState.DEMAND_ZERO) {
      return new Translation.Zeros(va);
    }
    if (isLast && entry.state() == PteState.PROTOTYPE) {
      return prototype(va, entry.address(), prototypes);
    }
    return switch (entry.state()) {
      // A table that would be zeros holds no more than one that is not there.
      case UNMAPPED, VAD_PROTOTYPE, DEMAND_ZERO -> byVad(va, entry, level, prototypes);
      default -> new Translation.NotResident(va, entry, level);
    };
  }

  private Translation byVad(long va, SoftwarePte entry, String level, int prototypes) {
    if (!mode.isKernel(va)) {
      OptionalLong prototype = vads.prototypePte(va);
      if (prototype.isPresent()) {
        return prototype(va, prototype.getAsLong(), prototypes);
      }
      if (vads.isDemandZero(va)) {
        return new Translation.Zeros(va);
      }
    }
    boolean isEmptyTable = entry.state() == PteState.DEMAND_ZERO;
    return new Translation.NotResident(
        va, isEmptyTable ? SoftwarePte.of(PteState.UNMAPPED) : entry, level);
  }

  private Translation prototype(long va, long address, int followed) {
    SoftwarePte behind = new SoftwarePte(PteState.PROTOTYPE, address, 0);
    boolean isAligned = address % PagingMode.ENTRY_BYTES == 0;
    if (followed == MAX_PROTOTYPES || !mode.isKernel(address) || !isAligned) {
      return new Translation.NotResident(va, behind, "PTE");
    }
    Translation where = kernel.translate(address, followed + 1);
    OptionalLong read = OptionalLong.empty();
    if (where instanceof Translation.Mapped mapped) {
      read = frames.qword(mapped.gpa());
      where = read.isEmpty() ? notCaptured(address, mapped.gpa(), "page") : where;
    } else if (where instanceof Translation.Zeros) {
      read = OptionalLong.of(0);
    }
    if (read.isEmpty()) {
      return new Translation.PrototypeMissing(va, address, where);
    }
    long entry = read.getAsLong();
    if ((entry & mode.presentBit()) != 0) {
      long gpa = (entry & mode.addressMask()) | inPage(va);
      return new Translation.Mapped(va, gpa, PhysicalMemory.FRAME_BYTES, PteState.VALID, true);
    }
    SoftwarePte software = format.decodePrototype(entry);
    return switch (software.state()) {
      case TRANSITION -> inTransition(va, software, true);
      case DEMAND_ZERO -> new Translation.Zeros(va);
      default -> new Translation.NotResident(va, software, "prototype PTE");
    };
  }

  private static Translation inTransition(long va, SoftwarePte entry, boolean isShared) {
    return new Translation.Mapped(
        va,
        entry.address() | inPage(va),
        PhysicalMemory.FRAME_BYTES,
        PteState.TRANSITION,
        isShared);
  }

  private static long inPage(long va) {
    return va & (PhysicalMemory.FRAME_BYTES - 1);
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
