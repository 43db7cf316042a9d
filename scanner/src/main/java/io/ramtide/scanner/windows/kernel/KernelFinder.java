package io.ramtide.scanner.windows.kernel;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.paging.AddressSpace;
import io.ramtide.scanner.paging.PageTables;
import io.ramtide.scanner.paging.PagingMode;
import io.ramtide.scanner.symbols.KernelSymbols;
import io.ramtide.scanner.symbols.SymbolStore;
import io.ramtide.scanner.windows.scan.GuestScan;
import io.ramtide.scanner.windows.scan.RootCandidate;
import io.ramtide.scanner.windows.scan.RootCandidate.Origin;
import io.ramtide.scanner.windows.scan.RootProbe;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Tries page-table roots until one leads to a Windows kernel: those that were in a processor's CR3,
 * those that refer to themselves, the one of the low stub; and if none does, those that processes
 * name. Ends with the first that leads to a kernel; tries at most {@link #MAX_HALVES} different
 * kernel halves, twice.
 */
public final class KernelFinder {
  /** Different kernel halves tried; an honest guest has one. */
  private static final int MAX_HALVES = 16;

  /** CR3s taken as hints: more processors than a guest has. */
  private static final int MAX_CR3S = 1 << 12;

  private static final long KERNEL_IMAGES = 0xffff_f800_0000_0000L;

  private final GuestScan scan;
  private final FrameReader frames;
  private final SymbolStore symbols;
  private final ProcessTraces traces;

  public KernelFinder(GuestScan scan, FrameReader frames, SymbolStore symbols) {
    this.scan = scan;
    this.frames = frames;
    this.symbols = symbols;
    this.traces = new ProcessTraces(scan, frames, symbols);
  }

  /** The kernel, or empty if no root leads to one. */
  public Optional<Kernel> find() {
    return find(likely()).or(() -> find(ofProcesses()));
  }

  private List<RootCandidate> likely() {
    List<RootCandidate> roots = new ArrayList<>();
    for (long cr3 : cr3s()) {
      roots.addAll(RootProbe.candidates(frames, cr3, Origin.CR3));
    }
    roots.addAll(scan.roots());
    for (long root : scan.stubRoots()) {
      roots.addAll(RootProbe.candidates(frames, root, Origin.LOW_STUB));
    }
    return roots;
  }

  private List<RootCandidate> ofProcesses() {
    List<RootCandidate> roots = new ArrayList<>();
    for (long root : rootsBehind(cr3s())) {
      roots.addAll(RootProbe.candidates(frames, root, Origin.PROCESS));
    }
    roots.addAll(traces.roots());
    return roots;
  }

  private List<Long> cr3s() {
    return scan.memory().cr3s().stream().distinct().limit(MAX_CR3S).toList();
  }

  /** Kernel roots of the processes of which a processor ran the user half, under KPTI. */
  private Set<Long> rootsBehind(List<Long> cr3s) {
    PagingMode mode = PagingMode.X64_4_LEVEL;
    Set<Long> userRoots = new HashSet<>();
    cr3s.forEach(cr3 -> userRoots.add(mode.root(cr3)));
    userRoots.remove(0L);
    return userRoots.isEmpty() ? Set.of() : traces.kernelRoots(userRoots, mode.addressMask());
  }

  private Optional<Kernel> find(List<RootCandidate> roots) {
    List<DebuggerBlock> blocks = DebuggerBlock.read(scan, frames, PagingMode.X64_5_LEVEL);
    for (RootCandidate root : oneOfEachHalf(roots)) {
      AddressSpace space = space(root);
      Optional<KernelImage> image = new KernelImageFinder(space, blocks, symbols, traces).find();
      if (image.isPresent()) {
        return Optional.of(kernel(space, root, image.get(), blocks));
      }
    }
    return Optional.empty();
  }

  /**
   * Roots of one guest share the tables of the kernel half: one of them speaks for all. One that
   * was in CR3 comes first; then a half with a sound KUSER_SHARED_DATA that many roots share, so
   * that a few forged roots do not stand before the true ones.
   */
  private List<RootCandidate> oneOfEachHalf(List<RootCandidate> roots) {
    Map<List<Object>, List<RootCandidate>> halves = new LinkedHashMap<>();
    for (RootCandidate root : roots) {
      halves.computeIfAbsent(kernelHalf(root), half -> new ArrayList<>()).add(root);
    }
    return halves.values().stream()
        .sorted(
            Comparator.<List<RootCandidate>, Boolean>comparing(
                    half -> half.get(0).origin() != Origin.CR3)
                .thenComparing(half -> UserSharedData.read(space(half.get(0))).isEmpty())
                .thenComparing(half -> -half.size()))
        .map(half -> half.get(0))
        .limit(MAX_HALVES)
        .toList();
  }

  private AddressSpace space(RootCandidate root) {
    return new AddressSpace(new PageTables(root.mode(), frames, root.gpa()));
  }

  private List<Object> kernelHalf(RootCandidate root) {
    return List.of(
        root.mode(),
        entry(root, GuestScan.USER_SHARED_DATA).orElse(0),
        entry(root, KERNEL_IMAGES).orElse(0));
  }

  private OptionalLong entry(RootCandidate root, long va) {
    PagingMode.Level top = root.mode().levels().get(0);
    int index = (int) (va >>> top.shift()) & ((1 << top.bits()) - 1);
    OptionalLong entry = frames.qword(root.gpa() + (long) index * PagingMode.ENTRY_BYTES);
    return entry.isPresent()
        ? OptionalLong.of(entry.getAsLong() & root.mode().addressMask())
        : OptionalLong.empty();
  }

  private Kernel kernel(
      AddressSpace space, RootCandidate root, KernelImage image, List<DebuggerBlock> blocks) {
    Optional<KernelSymbols> known = image.pdb().flatMap(symbols::kernel);
    Optional<DebuggerBlock> block =
        blocks.stream()
            .filter(each -> each.kernelBase() == image.base())
            .findFirst()
            .or(() -> known.flatMap(exact -> DebuggerBlock.decode(space, image.base(), exact)));
    Map<String, Long> variables = new HashMap<>();
    if (known.isEmpty() && image.exports() != 0) {
      variables.putAll(new KernelExports(space, image.base(), image.exports()).variables());
    }
    block.ifPresent(each -> variables.putAll(each.variables()));
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
        BuildNumber.of(space, image, shared, known, variables),
        shared.map(data -> OptionalLong.of(data.systemTime())).orElse(OptionalLong.empty()),
        rva.isPresent() ? OptionalLong.of(image.base() + rva.getAsLong()) : head(image, variables),
        variables,
        servicePack(space, variables),
        foundBy(root, image, block));
  }

  private static OptionalLong head(KernelImage image, Map<String, Long> variables) {
    Long named = variables.get("PsActiveProcessHead");
    return named == null ? image.activeProcessHead() : OptionalLong.of(named);
  }

  /** CmNtCSDVersion: 0x100 is service pack 1. */
  private static OptionalInt servicePack(AddressSpace space, Map<String, Long> variables) {
    Long va = variables.get("CmNtCSDVersion");
    OptionalLong version = va == null ? OptionalLong.empty() : space.dword(va);
    return version.isPresent()
        ? OptionalInt.of((int) (version.getAsLong() >>> Byte.SIZE) & 0xff)
        : OptionalInt.empty();
  }

  private String foundBy(RootCandidate root, KernelImage image, Optional<DebuggerBlock> block) {
    String text = "%s; %s".formatted(root.text(), image.foundBy());
    if (block.isPresent()) {
      text += block.get().isEncoded() ? "; KDBG decoded" : "; KDBG in the clear";
    }
    if (root.origin() == Origin.CR3 || cr3s().isEmpty()) {
      return text;
    }
    return text
        + (rootsBehind(cr3s()).isEmpty()
            ? "; no CR3 leads to the kernel"
            : "; CR3 is the root of a process's user half (KPTI)");
  }
}
