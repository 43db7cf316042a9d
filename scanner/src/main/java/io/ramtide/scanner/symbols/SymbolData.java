package io.ramtide.scanner.symbols;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The symbol data of one folder in memory, to be added to and written. The same data make the same
 * files, in whatever order they were added, with one line for each thing that may change.
 */
public final class SymbolData {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Layout> layouts = new TreeMap<>();
  private final List<KernelSymbols> kernels = new ArrayList<>();
  private final Map<KnownModule, Map<String, Map<String, Long>>> modules = new LinkedHashMap<>();

  /**
   * What a folder has; nothing, if there is none or if it was made by another selection.
   *
   * @param selection fingerprint of what is taken of tables
   * @throws SymbolDataException if the folder's files cannot be read
   */
  public static SymbolData read(Path folder, String selection) {
    SymbolData data = new SymbolData();
    Optional<SymbolFolder> known =
        SymbolFolder.on(folder).filter(files -> files.selection().equals(selection));
    known.ifPresent(
        files -> {
          files.layouts().forEach(data::add);
          files.kernels().forEach(kernel -> data.add(files.symbols(kernel)));
          for (KnownModule module : KnownModule.all()) {
            for (String pdb : files.module(module).lines().keySet()) {
              data.add(module, pdb, files.module(module, pdb));
            }
          }
        });
    return data;
  }

  public void add(Layout layout) {
    layouts.put(layout.name(), layout);
  }

  /** Adds a kernel, or replaces what was known of it. */
  public void add(KernelSymbols kernel) {
    kernels.removeIf(old -> old.known().isSameAs(kernel.known()));
    kernels.add(kernel);
    kernels.sort(Comparator.comparing(KernelSymbols::known, KnownKernel.ORDER));
  }

  /**
   * Adds a module other than the kernel, or replaces what was known of it.
   *
   * @param pdb GUID-age
   */
  public void add(KnownModule module, String pdb, Map<String, Long> rvas) {
    modules.computeIfAbsent(module, one -> new TreeMap<>()).put(pdb, rvas);
  }

  /** RVAs of a module, by symbol; none if it was not added. */
  public Map<String, Long> module(KnownModule module, String pdb) {
    return modules.getOrDefault(module, Map.of()).getOrDefault(pdb, Map.of());
  }

  public Optional<KernelSymbols> kernel(KnownKernel like) {
    return kernels.stream().filter(kernel -> kernel.known().isSameAs(like)).findFirst();
  }

  public Map<String, Layout> layouts() {
    return layouts;
  }

  /**
   * Writes the folder; who reads it meanwhile sees the data before or after.
   *
   * @param symbols every symbol there may be
   */
  public void write(Path folder, String selection, List<String> symbols) throws IOException {
    Files.createDirectories(folder.resolve("layouts"));
    Files.createDirectories(folder.resolve("rvas"));
    List<Layout> before = new ArrayList<>();
    for (Layout layout : inOrder()) {
      Optional<Layout> like =
          before.stream()
              .filter(other -> isLike(layout, other))
              .min(Comparator.comparingInt(other -> different(layout, other).size()));
      before.add(layout);
      write(folder.resolve("layouts/" + layout.name() + ".json"), types(layout, like));
    }
    Map<String, Map<String, Map<String, Long>>> tables = new TreeMap<>();
    for (KernelSymbols kernel : kernels) {
      if (!kernel.rvas().isEmpty()) {
        tables
            .computeIfAbsent(kernel.layout(), layout -> new LinkedHashMap<>())
            .put(kernel.known().pdb(), kernel.rvas());
      }
    }
    for (var table : tables.entrySet()) {
      write(
          folder.resolve("rvas/" + table.getKey() + ".json"),
          rvas(RvaTable.of(symbols, table.getValue())));
    }
    for (var module : modules.entrySet()) {
      Path file = folder.resolve(module.getKey().file());
      Files.createDirectories(file.getParent());
      write(file, rvas(RvaTable.of(module.getKey().symbols(), module.getValue())));
    }
    write(folder.resolve(SymbolFolder.INDEX), index(selection));
  }

  private static void write(Path file, String text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    try {
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private String index(String selection) {
    return "{\n \"selection\": %s,\n \"layouts\": [\n%s\n ],\n \"kernels\": [\n%s\n ]\n}\n"
        .formatted(
            quoted(selection),
            inOrder().stream().map(this::head).collect(Collectors.joining(",\n")),
            kernels.stream()
                .map(
                    kernel ->
                        "  {\"pdb\": %s, \"version\": %s, \"layout\": %s, \"rvas\": %d}"
                            .formatted(
                                quoted(kernel.known().pdb()),
                                quoted(kernel.version()),
                                quoted(kernel.layout()),
                                kernel.rvas().size()))
                .collect(Collectors.joining(",\n")));
  }

  private String head(Layout layout) {
    Layout.Head head = layout.head();
    return "  {\"name\": %s, \"firstBuild\": %d, \"lastBuild\": %d, \"processTag\": \"0x%x\","
            .formatted(quoted(head.name()), head.firstBuild(), head.lastBuild(), head.processTag())
        + " \"processHeaderSize\": \"0x%x\",\n   \"source\": %s}"
            .formatted(head.processHeaderSize(), quoted(head.source()));
  }

  private List<Layout> inOrder() {
    return layouts.values().stream()
        .sorted(Comparator.comparingInt(Layout::firstBuild).thenComparing(Layout::name))
        .toList();
  }

  /** Updates of Windows move little: such a layout is written as what it moved. */
  private static boolean isLike(Layout layout, Layout other) {
    return layout.types().keySet().equals(other.types().keySet())
        && different(layout, other).size() * 4 <= layout.types().size();
  }

  private static Map<String, StructType> different(Layout layout, Layout other) {
    Map<String, StructType> different = new TreeMap<>(layout.types());
    different.entrySet().removeIf(type -> type.getValue().equals(other.types().get(type.getKey())));
    return different;
  }

  private static String types(Layout layout, Optional<Layout> like) {
    String start = like.map(other -> " \"like\": " + quoted(other.name()) + ",\n").orElse("");
    return like
        .map(other -> different(layout, other))
        .orElseGet(() -> new TreeMap<>(layout.types()))
        .entrySet()
        .stream()
        .map(
            type ->
                "  %s: {\"size\": \"0x%x\", \"fields\": {%s}}"
                    .formatted(
                        quoted(type.getKey()), type.getValue().size(), fields(type.getValue())))
        .collect(Collectors.joining(",\n", "{\n" + start + " \"types\": {\n", "\n }\n}\n"));
  }

  private static String fields(StructType type) {
    return type.fields().entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, StructType.Field>>comparingInt(
                    field -> field.getValue().offset())
                .thenComparing(field -> field.getValue().firstBit())
                .thenComparing(Map.Entry::getKey))
        .map(field -> "%s: %s".formatted(quoted(field.getKey()), quoted(place(field.getValue()))))
        .collect(Collectors.joining(", "));
  }

  private static String place(StructType.Field field) {
    return field.bits() == 0
        ? "0x%x".formatted(field.offset())
        : "0x%x:%d:%d".formatted(field.offset(), field.firstBit(), field.bits());
  }

  private static String rvas(RvaTable table) {
    return "{\n \"symbols\": %s,\n \"rvas\": {\n%s\n }\n}\n"
        .formatted(
            quoted(String.join(" ", table.symbols())),
            table.lines().entrySet().stream()
                .map(line -> "  %s: %s".formatted(quoted(line.getKey()), quoted(line.getValue())))
                .collect(Collectors.joining(",\n")));
  }

  private static String quoted(String text) {
    try {
      return JSON.writeValueAsString(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text is always JSON", e);
    }
  }
}
