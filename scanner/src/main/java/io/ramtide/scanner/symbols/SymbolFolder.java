package io.ramtide.scanner.symbols;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One folder of symbol data, in the jar or on disk. Its index is read at once, the types of a
 * layout and the RVAs of its kernels when first asked for. The format is in the scanner's README.
 */
final class SymbolFolder {
  static final String INDEX = "index.json";

  /** Layouts name files. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

  private final String name;
  private final Opener files;
  private final String selection;
  private final List<Layout> layouts = new ArrayList<>();
  private final Map<String, KnownKernel> byPdb = new LinkedHashMap<>();
  private final List<KnownKernel> kernels = new ArrayList<>();
  private final Map<String, RvaTable> tables = new HashMap<>();
  private final Map<KnownModule, RvaTable> modules = new HashMap<>();

  /** Opens a file of the folder. */
  private interface Opener {
    InputStream open(String file) throws IOException;
  }

  private SymbolFolder(String name, Opener files) {
    this.name = name;
    this.files = files;
    JsonNode index = tree(INDEX);
    this.selection = index.path("selection").asText();
    try {
      index.path("layouts").forEach(json -> layouts.add(layout(json)));
      index.path("kernels").forEach(this::addKernel);
    } catch (IllegalArgumentException e) {
      throw unreadable(INDEX, e);
    }
  }

  static SymbolFolder shipped() {
    return new SymbolFolder("the scanner's jar", SymbolFiles::shipped);
  }

  /**
   * A folder on disk; empty if there are no symbol data in it.
   *
   * @throws SymbolDataException if they cannot be read
   */
  static Optional<SymbolFolder> on(Path folder) {
    return Files.exists(folder.resolve(INDEX))
        ? Optional.of(
            new SymbolFolder(folder.toString(), file -> Files.newInputStream(folder.resolve(file))))
        : Optional.empty();
  }

  private Layout layout(JsonNode json) {
    Layout.Head head = SymbolFiles.head(json);
    String file = "layouts/" + checked(head.name()) + ".json";
    return new Layout(
        head,
        () -> {
          try {
            return types(tree(file), 0);
          } catch (IllegalArgumentException e) {
            throw unreadable(file, e);
          }
        });
  }

  /** A layout that is like another one has only the types that differ in its file. */
  private Map<String, StructType> types(JsonNode layout, int depth) {
    if (depth > layouts.size()) {
      throw new IllegalArgumentException("its layouts are like one another in a circle");
    }
    Map<String, StructType> types = new HashMap<>();
    if (layout.has("like")) {
      String other = "layouts/" + checked(layout.path("like").asText()) + ".json";
      types.putAll(types(tree(other), depth + 1));
    }
    types.putAll(SymbolFiles.types(layout.path("types")));
    return types;
  }

  private void addKernel(JsonNode json) {
    KnownKernel kernel =
        new KnownKernel(
            json.path("pdb").asText(),
            json.path("version").asText(),
            checked(json.path("layout").asText()),
            json.path("rvas").asInt());
    kernels.add(kernel);
    if (!kernel.pdb().isEmpty()) {
      byPdb.put(kernel.pdb(), kernel);
    }
  }

  private static String checked(String layout) {
    if (!NAME.matcher(layout).matches()) {
      throw new IllegalArgumentException("no name of a layout: " + layout);
    }
    return layout;
  }

  private JsonNode tree(String file) {
    try (InputStream in = files.open(file)) {
      return SymbolFiles.tree(in);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private SymbolDataException unreadable(String file, Exception cause) {
    return new SymbolDataException(
        "symbol data %s in %s cannot be read (%s): delete that folder and import its tables again"
            .formatted(file, name, cause.getMessage()),
        cause);
  }

  /** Fingerprint of the structures.json that the data were taken by. */
  String selection() {
    return selection;
  }

  List<Layout> layouts() {
    return layouts;
  }

  List<KnownKernel> kernels() {
    return kernels;
  }

  Optional<KnownKernel> kernel(String pdb) {
    return Optional.ofNullable(byPdb.get(pdb));
  }

  /** RVAs of one kind of module, by PDB; none if the folder has no file of it. */
  synchronized RvaTable module(KnownModule module) {
    return modules.computeIfAbsent(module, this::readModule);
  }

  private RvaTable readModule(KnownModule module) {
    try (InputStream in = files.open(module.file())) {
      return RvaTable.read(SymbolFiles.tree(in));
    } catch (NoSuchFileException | FileNotFoundException e) {
      return new RvaTable(List.of(), Map.of());
    } catch (IOException e) {
      throw unreadable(module.file(), e);
    }
  }

  /** RVAs of a module, by symbol; none if its PDB is not in this folder. */
  Map<String, Long> module(KnownModule module, String pdb) {
    try {
      return module(module).rvas(pdb);
    } catch (IllegalArgumentException e) {
      throw unreadable(module.file(), e);
    }
  }

  /** Everything known of a kernel of this folder. */
  synchronized KernelSymbols symbols(KnownKernel kernel) {
    String file = "rvas/" + kernel.layout() + ".json";
    try {
      Map<String, Long> rvas =
          kernel.rvas() == 0
              ? Map.of()
              : tables
                  .computeIfAbsent(kernel.layout(), layout -> RvaTable.read(tree(file)))
                  .rvas(kernel.pdb());
      if (rvas.size() != kernel.rvas()) {
        throw new IllegalArgumentException("it lacks RVAs of " + kernel.pdb());
      }
      return new KernelSymbols(
          kernel.guid(), kernel.age(), kernel.version(), kernel.layout(), rvas);
    } catch (IllegalArgumentException e) {
      throw unreadable(file, e);
    }
  }
}
