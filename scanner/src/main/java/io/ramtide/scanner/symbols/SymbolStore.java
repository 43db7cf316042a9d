package io.ramtide.scanner.symbols;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The symbol data that ships with the scanner. Files are read when first asked for. */
public final class SymbolStore {
  private final Layout common;
  private final List<Layout> layouts;
  private final List<String> kernelFiles;
  private Map<String, KernelSymbols> kernels;

  private SymbolStore(Layout common, List<Layout> layouts, List<String> kernelFiles) {
    this.common = common;
    this.layouts = List.copyOf(layouts);
    this.kernelFiles = List.copyOf(kernelFiles);
  }

  private static final class Holder {
    private static final SymbolStore SHIPPED = load();
  }

  /** The one that ships with the scanner. */
  public static SymbolStore shipped() {
    return Holder.SHIPPED;
  }

  private static SymbolStore load() {
    JsonNode index = SymbolFiles.tree("index.json");
    List<Layout> layouts = new ArrayList<>();
    index.path("layouts").forEach(file -> layouts.add(SymbolFiles.layout(file.asText())));
    List<String> kernels = new ArrayList<>();
    index.path("kernels").forEach(file -> kernels.add(file.asText()));
    return new SymbolStore(SymbolFiles.layout(index.path("common").asText()), layouts, kernels);
  }

  /** Structures that are the same in every build served. */
  public Layout common() {
    return common;
  }

  public List<Layout> layouts() {
    return layouts;
  }

  /** Layouts that serve a build, of which the guest's own structures must choose. */
  public List<Layout> layouts(int build) {
    return layouts.stream().filter(layout -> layout.serves(build)).toList();
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

  /** The kernel with exactly this GUID and age. */
  public synchronized Optional<KernelSymbols> kernel(PdbId pdb) {
    if (kernels == null) {
      kernels = new HashMap<>();
      kernelFiles.forEach(
          file ->
              SymbolFiles.kernels(file)
                  .forEach(kernel -> kernels.put(key(kernel.guid(), kernel.age()), kernel)));
    }
    return Optional.ofNullable(kernels.get(key(pdb.guid(), pdb.age())));
  }

  private static String key(String guid, int age) {
    return guid + "-" + age;
  }
}
