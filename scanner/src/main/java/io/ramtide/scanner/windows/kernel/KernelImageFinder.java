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

  private final AddressSpace space;
  private final List<DebuggerBlock> blocks;
  private final SymbolStore symbols;
  private int pages;
  private int searched;
  private KernelImage found;

  KernelImageFinder(AddressSpace space, List<DebuggerBlock> blocks, SymbolStore symbols) {
    this.space = space;
    this.blocks = blocks;
    this.symbols = symbols;
  }

  /**
   * By its header; else by its RSDS record, and a KDBG block or a known symbol that tells the base;
   * else by the block alone.
   */
  Optional<KernelImage> find() {
    walk(this::byHeader);
    if (found == null) {
      searched = 0;
      walk(this::byRecord);
    }
    return Optional.ofNullable(found).or(this::byBlock);
  }

  /** Looks at one page; answers whether to go on. */
  private interface PageCheck {
    boolean page(long va, long gpa);
  }

  private void walk(PageCheck check) {
    pages = 0;
    MappingWalk.walk(
        space.tables(),
        FIRST,
        LAST,
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
    return new KernelImage(image.base(), image.size(), pdb, head(image.base()), foundBy);
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
    int known = space.read(va, page, 0, page.length).bytes();
    return CodeView.findKernel(page, known)
        .filter(record -> record.offset() < PhysicalMemory.FRAME_BYTES);
  }

  private boolean byRecord(long va, long gpa) {
    if (!space.tables().memory().status(gpa).isReadable()) {
      return true;
    }
    Optional<PdbId> pdb = recordIn(va).map(CodeView.Found::pdb);
    if (pdb.isPresent()) {
      found =
          blocks.stream()
              .filter(block -> va >= block.kernelBase())
              .filter(block -> va - block.kernelBase() < PeImage.MAX_SIZE)
              .findFirst()
              .map(block -> fromBlock(block, pdb, "RSDS and KDBG"))
              .or(() -> bySymbol(va, pdb.get()))
              .orElse(null);
    }
    return found == null && searched <= MAX_SEARCHED;
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
        .map(block -> fromBlock(block, Optional.empty(), "KDBG alone"));
  }

  private static KernelImage fromBlock(DebuggerBlock block, Optional<PdbId> pdb, String foundBy) {
    return new KernelImage(
        block.kernelBase(),
        PeImage.MAX_SIZE,
        pdb,
        OptionalLong.of(block.activeProcessHead()),
        foundBy);
  }
}
