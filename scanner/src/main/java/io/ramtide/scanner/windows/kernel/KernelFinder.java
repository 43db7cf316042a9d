package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.PageTables;
import io.ramtide.scanner.paging.PagingMode;
import io.ramtide.scanner.symbols.KernelSymbols;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.scan.GuestScan;
import io.ramtide.scanner.windows.scan.RootCandidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Tries the page-table roots of a scan until one leads to a Windows kernel. */
public final class KernelFinder {
  /** Different kernel halves tried; an honest guest has one. */
  private static final int MAX_HALVES = 16;

  private static final long KERNEL_IMAGES = 0xffff_f800_0000_0000L;

  private final GuestScan scan;
  private final FrameReader frames;
  private final PagingMode mode;
  private final SymbolStore symbols;

  public KernelFinder(GuestScan scan, FrameReader frames, PagingMode mode, SymbolStore symbols) {
    this.scan = scan;
    this.frames = frames;
    this.mode = mode;
    this.symbols = symbols;
  }

  /** The kernel, or empty if no root leads to one. */
  public Optional<Kernel> find() {
    List<DebuggerBlock> blocks = DebuggerBlock.read(scan, frames, mode);
    for (RootCandidate root : oneOfEachHalf()) {
      AddressSpace space = space(root);
      Optional<KernelImage> image = new KernelImageFinder(space, blocks, symbols).find();
      if (image.isPresent()) {
        return Optional.of(kernel(space, root, image.get()));
      }
    }
    return Optional.empty();
  }

  /**
   * Roots of one guest share the tables of the kernel half: one of them speaks for all. A half with
   * a sound KUSER_SHARED_DATA that many roots share comes first, so that a few forged roots do not
   * stand before the true ones.
   */
  private List<RootCandidate> oneOfEachHalf() {
    Map<List<Long>, List<RootCandidate>> halves = new LinkedHashMap<>();
    for (RootCandidate root : scan.roots()) {
      halves.computeIfAbsent(kernelHalf(root), half -> new ArrayList<>()).add(root);
    }
    return halves.values().stream()
        .sorted(
            Comparator.<List<RootCandidate>, Boolean>comparing(
                    half -> UserSharedData.read(space(half.get(0))).isEmpty())
                .thenComparing(half -> -half.size()))
        .map(half -> half.get(0))
        .limit(MAX_HALVES)
        .toList();
  }

  private AddressSpace space(RootCandidate root) {
    return new AddressSpace(new PageTables(mode, frames, root.gpa()));
  }

  private List<Long> kernelHalf(RootCandidate root) {
    return List.of(
        entry(root, GuestScan.USER_SHARED_DATA).orElse(0), entry(root, KERNEL_IMAGES).orElse(0));
  }

  private OptionalLong entry(RootCandidate root, long va) {
    PagingMode.Level top = mode.levels().get(0);
    int index = (int) (va >>> top.shift()) & ((1 << top.bits()) - 1);
    OptionalLong entry = frames.qword(root.gpa() + (long) index * PagingMode.ENTRY_BYTES);
    return entry.isPresent()
        ? OptionalLong.of(entry.getAsLong() & mode.addressMask())
        : OptionalLong.empty();
  }

  private Kernel kernel(AddressSpace space, RootCandidate root, KernelImage image) {
    Optional<KernelSymbols> known = image.pdb().flatMap(symbols::kernel);
    Optional<UserSharedData> shared = UserSharedData.read(space);
    OptionalLong rva =
        known.map(kernel -> kernel.rva("PsActiveProcessHead")).orElse(OptionalLong.empty());
    return new Kernel(
        space,
        root.selfMapIndex(),
        image.base(),
        image.size(),
        image.pdb(),
        known,
        BuildNumber.of(space, image, shared, known),
        shared.map(data -> OptionalLong.of(data.systemTime())).orElse(OptionalLong.empty()),
        rva.isPresent()
            ? OptionalLong.of(image.base() + rva.getAsLong())
            : image.activeProcessHead(),
        java.util.Map.of(),
        java.util.OptionalInt.empty(),
        "root refers to itself in slot %d; %s".formatted(root.selfMapIndex(), image.foundBy()));
  }
}
