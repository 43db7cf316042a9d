package io.ramtide.scanner.symbols;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The symbol data there are: those that ship with the scanner, and those that a user imported.
 * Files are read when first asked for.
 */
public final class SymbolStore {
  private final Layout common;
  private final SymbolFolder shipped;
  private final Optional<SymbolFolder> imported;
  private final List<Layout> layouts;
  private final List<String> warnings;

  private SymbolStore(
      Layout common, SymbolFolder shipped, Optional<SymbolFolder> imported, List<String> warnings) {
    this.common = common;
    this.shipped = shipped;
    this.imported = imported;
    this.warnings = List.copyOf(warnings);
    this.layouts =
        Stream.concat(
                shipped.layouts().stream(),
                imported.map(SymbolFolder::layouts).orElse(List.of()).stream())
            .sorted(Comparator.comparingInt(Layout::firstBuild))
            .toList();
  }

  private static final class Holder {
    private static final SymbolStore SHIPPED =
        new SymbolStore(common("common.json"), SymbolFolder.shipped(), Optional.empty(), List.of());
  }

  /** The data that ship with the scanner. */
  public static SymbolStore shipped() {
    return Holder.SHIPPED;
  }

  /**
   * The data that ship with the scanner, and those imported into a folder, if it exists.
   *
   * @throws SymbolDataException if the folder's index cannot be read
   */
  public static SymbolStore with(Path folder) {
    Optional<SymbolFolder> imported = SymbolFolder.on(folder);
    if (imported.isEmpty()) {
      return shipped();
    }
    Optional<String> outdated = outdated(imported.get(), folder);
    return new SymbolStore(
        shipped().common,
        shipped().shipped,
        outdated.isPresent() ? Optional.empty() : imported,
        outdated.stream().toList());
  }

  private static Optional<String> outdated(SymbolFolder imported, Path folder) {
    Set<String> shipped = names(shipped().shipped);
    Set<String> own = names(imported);
    boolean current =
        imported.selection().equals(shipped().shipped.selection())
            && own.stream().noneMatch(shipped::contains)
            && imported.kernels().stream()
                .map(KnownKernel::layout)
                .allMatch(layout -> own.contains(layout) || shipped.contains(layout));
    return current
        ? Optional.empty()
        : Optional.of(
            "the symbols in %s are of another version of ramtide and not used: import their"
                    .formatted(folder)
                + " tables again");
  }

  private static Set<String> names(SymbolFolder folder) {
    return folder.layouts().stream().map(Layout::name).collect(Collectors.toSet());
  }

  private static Layout common(String file) {
    try (InputStream in = SymbolFiles.shipped(file)) {
      return SymbolFiles.layout(SymbolFiles.tree(in));
    } catch (IOException e) {
      throw new SymbolDataException("symbol data %s cannot be read".formatted(file), e);
    }
  }

  /** Structures that are the same in every build served. */
  public Layout common() {
    return common;
  }

  /** Every layout, by the first build it serves. */
  public List<Layout> layouts() {
    return layouts;
  }

  /** Layouts that serve a build, of which the guest's own structures must choose. */
  public List<Layout> layouts(int build) {
    return layouts.stream().filter(layout -> layout.serves(build)).toList();
  }

  /**
   * Layouts of the builds next to one that no layout serves: the nearest below and above.
   *
   * @return none if a layout serves the build
   */
  public List<Layout> neighbours(int build) {
    if (!layouts(build).isEmpty()) {
      return List.of();
    }
    int below = layouts.stream().mapToInt(Layout::lastBuild).filter(b -> b < build).max().orElse(0);
    int above =
        layouts.stream()
            .mapToInt(Layout::firstBuild)
            .filter(b -> b > build)
            .min()
            .orElse(Integer.MAX_VALUE);
    return layouts.stream()
        .filter(layout -> layout.lastBuild() != 0)
        .filter(layout -> layout.lastBuild() == below || layout.firstBuild() == above)
        .toList();
  }

  /**
   * The layout of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Layout layout(String name) {
    return layouts.stream()
        .filter(layout -> layout.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no symbol table is named " + name));
  }

  /** The kernel with exactly this GUID and age; of an imported and a shipped one the imported. */
  public Optional<KernelSymbols> kernel(PdbId pdb) {
    String key = KnownKernel.key(pdb.guid(), pdb.age());
    return imported
        .flatMap(folder -> folder.kernel(key).map(folder::symbols))
        .or(() -> shipped.kernel(key).map(shipped::symbols));
  }

  /**
   * RVAs of variables of a module other than the kernel, such as tcpip.sys, by symbol.
   *
   * @param pdb of exactly this module; its name may be anything that a guest writes
   * @return none if the PDB is in no table
   */
  public Map<String, Long> module(PdbId pdb) {
    String key = KnownKernel.key(pdb.guid(), pdb.age());
    return KnownModule.ofPdb(pdb.name())
        .map(
            module ->
                imported
                    .map(folder -> folder.module(module, key))
                    .filter(rvas -> !rvas.isEmpty())
                    .orElseGet(() -> shipped.module(module, key)))
        .orElse(Map.of());
  }

  /** PDBs of a module that are known, GUID-age, those that ship first. */
  public List<String> modules(KnownModule module) {
    return Stream.concat(
            shipped.module(module).lines().keySet().stream(),
            imported.stream().flatMap(folder -> folder.module(module).lines().keySet().stream()))
        .distinct()
        .toList();
  }

  /** Kernels that ship with the scanner, in {@link KnownKernel#ORDER}. */
  public List<KnownKernel> shippedKernels() {
    return sorted(shipped);
  }

  /** Kernels that were imported, in {@link KnownKernel#ORDER}. */
  public List<KnownKernel> importedKernels() {
    return imported.map(SymbolStore::sorted).orElse(List.of());
  }

  private static List<KnownKernel> sorted(SymbolFolder folder) {
    List<KnownKernel> kernels = new ArrayList<>(folder.kernels());
    kernels.sort(KnownKernel.ORDER);
    return kernels;
  }

  /** What is to be said of imported data that are not used. */
  public List<String> warnings() {
    return warnings;
  }
}
