package io.ramtide.cli.symbols;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ramtide.cli.term.Printable;
import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Table;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.symbols.KnownKernel;
import io.ramtide.scanner.symbols.Layout;
import io.ramtide.scanner.symbols.SymbolStore;
import java.util.List;

/** The kernels whose symbols are known. */
public final class SymbolList {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SymbolStore store;
  private final Terminal terminal;

  public SymbolList(SymbolStore store, Terminal terminal) {
    this.store = store;
    this.terminal = terminal;
  }

  /** Prints a table of them. */
  public void printTable() {
    Table table =
        new Table()
            .text("PDB GUID")
            .number("AGE")
            .text("VERSION")
            .number("BUILD")
            .text("LAYOUT")
            .number("RVAS")
            .text("FROM")
            .text("SOURCE");
    rows(table, store.shippedKernels(), "shipped");
    rows(table, store.importedKernels(), "imported");
    table.print(terminal);
  }

  private void rows(Table table, List<KnownKernel> kernels, String from) {
    for (KnownKernel kernel : kernels) {
      table.row(
          Style.PLAIN,
          kernel.guid().isEmpty() ? null : kernel.guid(),
          kernel.guid().isEmpty() ? null : kernel.age(),
          kernel.version().isEmpty() ? null : kernel.version(),
          builds(kernel),
          kernel.layout(),
          kernel.rvas(),
          from,
          store.layout(kernel.layout()).source());
    }
  }

  private String builds(KnownKernel kernel) {
    Layout layout = store.layout(kernel.layout());
    if (layout.lastBuild() == 0) {
      return null;
    }
    return layout.firstBuild() == layout.lastBuild()
        ? Integer.toString(layout.firstBuild())
        : layout.firstBuild() + "-" + layout.lastBuild();
  }

  /** Prints each as a JSON object in a line of its own. */
  public void printJson() {
    store.shippedKernels().forEach(kernel -> line(kernel, "shipped"));
    store.importedKernels().forEach(kernel -> line(kernel, "imported"));
  }

  private void line(KnownKernel kernel, String from) {
    Layout layout = store.layout(kernel.layout());
    ObjectNode json = JSON.createObjectNode().put("kind", "kernelSymbols");
    boolean hasPdb = !kernel.guid().isEmpty();
    json.put("guid", hasPdb ? kernel.guid() : null);
    json.put("age", hasPdb ? (Integer) kernel.age() : null);
    json.put("version", kernel.version().isEmpty() ? null : kernel.version());
    boolean hasBuild = layout.lastBuild() != 0;
    json.put("firstBuild", hasBuild ? (Integer) layout.firstBuild() : null);
    json.put("lastBuild", hasBuild ? (Integer) layout.lastBuild() : null);
    json.put("layout", layout.name()).put("rvas", kernel.rvas()).put("from", from);
    json.put("source", Printable.of(layout.source()));
    terminal.line(json.toString());
  }
}
