package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.memory.PhysicalMemory;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.MappingWalk;
import io.ramtide.scanner.symbols.PdbId;
import io.ramtide.scanner.symbols.SymbolStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the kernel's image among what one root maps. */
final class KernelImageFinder {
  /** Windows loads the kernel and its drivers here: the PML4 slot of fffff800`00000000. */
  private static final long FIRST = 0xffff_f800_0000_0000L;

  private static final long LAST = 0xffff_f87f_ffff_ffffL;

  /** Pages looked at under one root: 4 GiB of image space. */
  private static final int MAX_PAGES = 1 << 20;

  /** Smaller than any kernel, larger than most drivers. */
  private static final int MIN_KERNEL = 4 << 20;

  /** Pages searched byte by byte under one root: 256 MiB. */
  private static final int MAX_SEARCHED = 1 << 16;

  /** A kernel's data is that far behind its start at most. */
  private static final int MAX_BEFORE = 16 << 20;

  private final AddressSpace space;
  private final List<DebuggerBlock> blocks;
  private final SymbolStore symbols;
  private final ProcessTraces traces;
  private int pages;
  private int searched;
  private KernelImage found;
  private Optional<PdbId> record = Optional.empty();

  KernelImageFinder(
      AddressSpace space, List<DebuggerBlock> blocks, SymbolStore symbols, ProcessTraces traces) {
    this.space = space;
    this.blocks = blocks;
    this.symbols = symbols;
    this.traces = traces;
  }

  /**
   * By its header; else by its RSDS record, and a KDBG block or a known symbol that tells the base;
   * else by its export directory, which tells the base itself; else by the block alone; else by the
   * list that the System process is the first of. Two walks over the area of images, and where that
   * has nothing, one over the rest of the kernel half of a root that maps a sound
   * KUSER_SHARED_DATA: as many steps as pages, up to the limits above.
   */
  Optional<KernelImage> find() {
    walk(FIRST, LAST, this::byHeader);
    if (found == null) {
      searched = 0;
      walk(FIRST, LAST, this::byContent);
    }
    if (found == null) {
      found = byBlock().or(this::byProcess).orElse(null);
    }
    if (found == null && UserSharedData.read(space).isPresent()) {
      searched = 0;
      walk(space.mode().kernelStart(), FIRST - 1, this::byHeader);
      walk(LAST + 1, -1, this::byHeader);
    }
    return Optional.ofNullable(found);
  }

  /** Looks at one page; answers whether to go on. */
  private interface PageCheck {
    boolean page(long va, long gpa);
  }

  private void walk(long first, long last, PageCheck check) {
    if (found != null) {
      return;
    }
    pages = 0;
    MappingWalk.walk(
        space.tables(),
        first,
        last,
        (va, gpa, bytes) -> {
          for (long at = 0; at < bytes; at += PhysicalMemory.FRAME_BYTES) {
            if (++pages > MAX_PAGES || !check.page(va + at, gpa + at)) {
              return false;
            }
          }
          return true;
        });
  }

  private boolean byHeader(long va, long gpa) {
    byte[] start = new byte[2];
    boolean isMz =
        space.tables().memory().read(gpa, start, 0, 2) == 2 && start[0] == 'M' && start[1] == 'Z';
    if (!isMz) {
      return true;
    }
    Optional<PeImage> image = PeImage.read(space, va);
    if (image.isEmpty()) {
      return true;
    }
    Optional<PdbId> pdb = image.get().pdb();
    if (pdb.filter(CodeView::isKernel).isPresent()) {
      found = image(image.get(), pdb, "PE header with RSDS");
    } else if (pdb.isEmpty() && (isNamedByBlock(va) || image.get().size() >= MIN_KERNEL)) {
      Optional<PdbId> record = recordIn(image.get());
      if (record.isPresent() || isNamedByBlock(va)) {
        String how = record.isPresent() ? "PE header and RSDS" : "PE header and KDBG";
        found = image(image.get(), record, how);
      }
    }
    return found == null;
  }

  private KernelImage image(PeImage image, Optional<PdbId> pdb, String foundBy) {
    return new KernelImage(
        image.base(), image.size(), pdb, head(image.base()), image.exports(), foundBy);
  }

  private boolean isNamedByBlock(long base) {
    return blocks.stream().anyMatch(block -> block.kernelBase() == base);
  }

  private OptionalLong head(long base) {
    return blocks.stream()
        .filter(block -> block.kernelBase() == base)
        .mapToLong(DebuggerBlock::activeProcessHead)
        .findFirst();
  }

  /** The kernel's RSDS in an image whose debug directory cannot be read. */
  private Optional<PdbId> recordIn(PeImage image) {
    for (long va = image.base(); image.contains(va); va += PhysicalMemory.FRAME_BYTES) {
      Optional<CodeView.Found> record = recordIn(va);
      if (record.isPresent()) {
        return record.map(CodeView.Found::pdb);
      }
    }
    return Optional.empty();
  }

  private Optional<CodeView.Found> recordIn(long va) {
    if (++searched > MAX_SEARCHED) {
      return Optional.empty();
    }
    byte[] page = new byte[PhysicalMemory.FRAME_BYTES + CodeView.MAX_BYTES];
    return recordIn(page, space.read(va, page, 0, page.length).bytes());
  }

  private static Optional<CodeView.Found> recordIn(byte[] page, int known) {
    return CodeView.findKernel(page, known)
        .filter(found -> found.offset() < PhysicalMemory.FRAME_BYTES);
  }

  private boolean byContent(long va, long gpa) {
    if (!space.tables().memory().status(gpa).isReadable()) {
      return true;
    }
    if (++searched > MAX_SEARCHED) {
      return false;
    }
    byte[] page = new byte[PhysicalMemory.FRAME_BYTES + CodeView.MAX_BYTES];
    int known = space.read(va, page, 0, page.length).bytes();
    Optional<PdbId> pdb = recordIn(page, known).map(CodeView.Found::pdb);
    if (pdb.isPresent()) {
      record = record.or(() -> pdb);
      found =
          blocks.stream()
              .filter(block -> va >= block.kernelBase())
              .filter(block -> va - block.kernelBase() < PeImage.MAX_SIZE)
              .findFirst()
              .map(block -> fromBlock(block, pdb, "RSDS and KDBG"))
              .or(() -> bySymbol(va, pdb.get()))
              .orElse(null);
    }
    if (found == null) {
      found = byExports(va, page, known);
    }
    return found == null;
  }

  private KernelImage byExports(long va, byte[] page, int known) {
    return KernelExports.find(space, va, page, known)
        .map(
            exports ->
                new KernelImage(
                    exports.base(),
                    PeImage.MAX_SIZE,
                    record,
                    head(exports.base()),
                    exports.directory(),
                    record.isPresent() ? "RSDS and export directory" : "export directory"))
        .orElse(null);
  }

  /** The base from which the list of processes is where this kernel's symbols have it. */
  private Optional<KernelImage> bySymbol(long record, PdbId pdb) {
    OptionalLong rva =
        symbols
            .kernel(pdb)
            .map(kernel -> kernel.rva("PsActiveProcessHead"))
            .orElse(OptionalLong.empty());
    if (rva.isEmpty()) {
      return Optional.empty();
    }
    long page = record & -PhysicalMemory.FRAME_BYTES;
    for (int before = 0; before < PeImage.MAX_SIZE; before += PhysicalMemory.FRAME_BYTES) {
      long head = page - before + rva.getAsLong();
      OptionalLong first = space.qword(head);
      if (first.isPresent()
          && space.mode().isKernel(first.getAsLong())
          && space.qword(first.getAsLong() + Long.BYTES).equals(OptionalLong.of(head))) {
        return Optional.of(
            new KernelImage(
                page - before,
                PeImage.MAX_SIZE,
                Optional.of(pdb),
                OptionalLong.of(head),
                0,
                "RSDS and PsActiveProcessHead"));
      }
    }
    return Optional.empty();
  }

  /** Neither header nor record is there: a block whose list head is mapped must do. */
  private Optional<KernelImage> byBlock() {
    return blocks.stream()
        .filter(block -> space.gpa(block.activeProcessHead()).isPresent())
        .findFirst()
        .map(
            block -> fromBlock(block, record, record.isPresent() ? "RSDS and KDBG" : "KDBG alone"));
  }

  /** Nothing names the image: its list of processes is in it, and so is what is mapped before. */
  private Optional<KernelImage> byProcess() {
    Optional<ProcessTraces.SystemProcess> system = traces.system(space, FIRST, LAST);
    if (system.isEmpty()) {
      return Optional.empty();
    }
    long head = system.get().head();
    long base = head & -PhysicalMemory.FRAME_BYTES;
    while (head - base < MAX_BEFORE && space.gpa(base - PhysicalMemory.FRAME_BYTES).isPresent()) {
      base -= PhysicalMemory.FRAME_BYTES;
    }
    return Optional.of(
        new KernelImage(
            base,
            PeImage.MAX_SIZE,
            record,
            OptionalLong.of(head),
            0,
            "PsActiveProcessHead, by the System process; where its image begins is estimated"));
  }

  private static KernelImage fromBlock(DebuggerBlock block, Optional<PdbId> pdb, String foundBy) {
    return new KernelImage(
        block.kernelBase(),
        PeImage.MAX_SIZE,
        pdb,
        OptionalLong.of(block.activeProcessHead()),
        0,
        foundBy);
  }
}
