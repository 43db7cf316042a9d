package io.ramtide.scanner.symbols.isf;

import io.ramtide.scanner.symbols.KernelSymbols;
import io.ramtide.scanner.symbols.KnownKernel;
import io.ramtide.scanner.symbols.KnownModule;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.PdbId;
import io.ramtide.scanner.symbols.StructType;
import io.ramtide.scanner.symbols.SymbolData;
import io.ramtide.scanner.symbols.SymbolStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads symbol tables and adds them to the symbol data of a folder. */
public final class SymbolImport {
  private final Selection selection;
  private final Builds builds;
  private final Optional<SymbolStore> shipped;
  private final Path folder;
  private final SymbolData data;

  /** What became of a file. */
  public enum Result {
    /** It is in the folder now. */
    IMPORTED,
    /** It was known before, with the same content. */
    KNOWN,
    /** It cannot be used. */
    FAILED
  }

  /**
   * What became of one file.
   *
   * @param kernel empty if it failed, and for a module other than the kernel
   * @param text why it failed; otherwise what is known now. It may hold text from the file
   */
  public record Outcome(Path file, Result result, Optional<KnownKernel> kernel, String text) {}

  /** A file that could be read. */
  private record Read(Path file, KernelTable table) {}

  private SymbolImport(Path folder, Optional<SymbolStore> shipped) throws IOException {
    try (InputStream structures = SymbolStore.class.getResourceAsStream("structures.json");
        InputStream releases = SymbolStore.class.getResourceAsStream("builds.json")) {
      this.selection = Selection.read(structures);
      this.builds = Builds.read(releases);
    }
    this.shipped = shipped;
    this.folder = folder;
    this.data = SymbolData.read(folder, selection.fingerprint());
  }

  /** Into a user's folder, which has only what does not ship. */
  public static SymbolImport besideShipped(Path folder) throws IOException {
    return new SymbolImport(folder, Optional.of(SymbolStore.shipped()));
  }

  /** Into a folder that has everything by itself, such as the one that ships. */
  public static SymbolImport selfContained(Path folder) throws IOException {
    return new SymbolImport(folder, Optional.empty());
  }

  /** Fingerprint of what is taken of tables: data of another one are made anew. */
  public String selection() {
    return selection.fingerprint();
  }

  /** PDBs whose tables are of use, in lower case. */
  public static Set<String> pdbs() {
    Set<String> pdbs = new HashSet<>(KernelTable.PDBS);
    KnownModule.all().forEach(module -> pdbs.add(module.pdb()));
    return pdbs;
  }

  /** Hears of each file that was read. */
  @FunctionalInterface
  public interface Progress {
    void at(int read, int of);
  }

  /**
   * Imports files; one that cannot be used keeps no other from it.
   *
   * @param source where the files come from, for people; else they are named themselves
   * @return what became of each, those that failed first
   * @throws IOException if the folder cannot be written
   * @throws io.ramtide.scanner.symbols.SymbolDataException if what is in it cannot be read
   */
  public List<Outcome> run(
      List<Path> files, Versions versions, Optional<String> source, Progress progress)
      throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    List<Read> tables = new ArrayList<>();
    Set<String> symbols = new HashSet<>(selection.symbols());
    symbols.addAll(selection.neededSymbols());
    Set<String> ofKernels = Set.copyOf(symbols);
    KnownModule.all().forEach(module -> symbols.addAll(module.symbols()));
    boolean changed = false;
    for (int i = 0; i < files.size(); i++) {
      progress.at(i, files.size());
      Path file = files.get(i);
      try {
        Isf isf = TableFile.read(file, symbols);
        Optional<KnownModule> module = KnownModule.ofPdb(isf.database());
        if (module.isPresent()) {
          Outcome outcome = add(file, ModuleTable.of(isf, module.get()));
          changed |= outcome.result() == Result.IMPORTED;
          outcomes.add(outcome);
        } else {
          tables.add(new Read(file, KernelTable.of(isf.with(ofKernels), selection, versions)));
        }
      } catch (UnusableTableException e) {
        outcomes.add(new Outcome(file, Result.FAILED, Optional.empty(), e.getMessage()));
      }
    }
    progress.at(files.size(), files.size());
    // In the order of versions, so that the names of layouts do not hang on the order of files.
    tables.sort(Comparator.comparing(read -> read.table().kernel(), KnownKernel.ORDER));
    for (Read read : tables) {
      Outcome outcome = add(read, source);
      changed |= outcome.result() == Result.IMPORTED;
      outcomes.add(outcome);
    }
    if (changed) {
      data.write(folder, selection.fingerprint(), selection.symbols());
    }
    return outcomes;
  }

  private Outcome add(Path file, ModuleTable table) {
    Map<String, Long> known = data.module(table.module(), table.pdb());
    if (known.isEmpty() && shipped.isPresent()) {
      known = shipped.get().module(table.id());
    }
    if (known.equals(table.rvas())) {
      return new Outcome(file, Result.KNOWN, Optional.empty(), "known before");
    }
    data.add(table.module(), table.pdb(), table.rvas());
    String text =
        "%s of %s: %d RVAs".formatted(table.pdb(), table.module().pdb(), table.rvas().size());
    return new Outcome(file, Result.IMPORTED, Optional.empty(), text);
  }

  private Outcome add(Read read, Optional<String> source) {
    KernelTable table = withKnownVersion(read.table());
    KnownKernel kernel = table.kernel();
    Optional<KernelSymbols> known = known(kernel);
    if (known.isPresent() && isSame(known.get(), table)) {
      return new Outcome(
          read.file(), Result.KNOWN, Optional.of(known.get().known()), "known before");
    }
    Optional<Layout> shared = layout(table);
    Layout layout = shared.orElseGet(() -> newLayout(table, source.orElse(from(read.file()))));
    KernelSymbols symbols =
        new KernelSymbols(
            kernel.guid(), kernel.age(), kernel.version(), layout.name(), table.rvas());
    data.add(symbols);
    String text =
        "layout %s%s%s"
            .formatted(
                layout.name(),
                shared.isPresent() ? ", which is shared" : ", which is new",
                table.rvas().isEmpty() ? "; structures only: the table has no symbols" : "");
    return new Outcome(read.file(), Result.IMPORTED, Optional.of(symbols.known()), text);
  }

  /** A list of versions need not be given again. */
  private KernelTable withKnownVersion(KernelTable table) {
    KnownKernel kernel = table.kernel();
    String version =
        kernel.version().isEmpty()
            ? known(kernel).map(KernelSymbols::version).orElse("")
            : kernel.version();
    return new KernelTable(
        new KnownKernel(kernel.pdb(), version, "", kernel.rvas()), table.types(), table.rvas());
  }

  private Optional<KernelSymbols> known(KnownKernel kernel) {
    Optional<KernelSymbols> imported = data.kernel(kernel);
    return imported.isPresent() || kernel.pdb().isEmpty()
        ? imported
        : shipped.flatMap(store -> store.kernel(new PdbId("", kernel.guid(), kernel.age())));
  }

  private boolean isSame(KernelSymbols known, KernelTable table) {
    return known.version().equals(table.kernel().version())
        && known.rvas().equals(table.rvas())
        && layouts()
            .filter(layout -> layout.name().equals(known.layout()))
            .anyMatch(layout -> layout.types().equals(table.types()));
  }

  private Stream<Layout> layouts() {
    return Stream.concat(
        data.layouts().values().stream(),
        shipped.map(SymbolStore::layouts).orElse(List.of()).stream());
  }

  private Optional<Layout> layout(KernelTable table) {
    int build = table.kernel().build();
    return layouts()
        .filter(layout -> build == 0 || layout.serves(build))
        .filter(layout -> layout.types().equals(table.types()))
        .findFirst();
  }

  private Layout newLayout(KernelTable table, String source) {
    Map<String, StructType> types = table.types();
    Layout.Head head = builds.head(table.kernel(), types, source, false);
    if (isTaken(head.name())) {
      head = builds.head(table.kernel(), types, source, true);
    }
    for (int i = 2; isTaken(head.name()); i++) {
      head = builds.head(table.kernel(), types, source, true).renamed("-" + i);
    }
    Layout layout = new Layout(head, () -> types);
    data.add(layout);
    return layout;
  }

  private boolean isTaken(String name) {
    return layouts().anyMatch(layout -> layout.name().equals(name));
  }

  private static String from(Path file) {
    return "imported from " + file.getFileName();
  }
}
