package io.ramtide.scanner.symbols;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * RVAs of kernels of one layout: a line a kernel, a column a symbol. The columns are in the order
 * of the first kernel's RVAs, and a cell is the distance from the cell before it, in hex: kernels
 * of a build differ little in these. A dash says that the kernel has no such symbol.
 *
 * @param lines by {@link KnownKernel#pdb()}
 */
record RvaTable(List<String> symbols, Map<String, String> lines) {
  private static final String NONE = "-";

  /**
   * Of kernels in the order in which they shall be written.
   *
   * @param known every symbol there may be, in the order for those that the first kernel lacks
   */
  static RvaTable of(List<String> known, Map<String, Map<String, Long>> kernels) {
    Map<String, Long> first = kernels.isEmpty() ? Map.of() : kernels.values().iterator().next();
    List<String> symbols = new ArrayList<>(first.keySet());
    symbols.sort((a, b) -> Long.compare(first.get(a), first.get(b)));
    for (String symbol : known) {
      if (!first.containsKey(symbol)
          && kernels.values().stream().anyMatch(rvas -> rvas.containsKey(symbol))) {
        symbols.add(symbol);
      }
    }
    Map<String, String> lines = new LinkedHashMap<>();
    kernels.forEach((pdb, rvas) -> lines.put(pdb, line(symbols, rvas)));
    return new RvaTable(symbols, lines);
  }

  private static String line(List<String> symbols, Map<String, Long> rvas) {
    List<String> cells = new ArrayList<>();
    long before = 0;
    for (String symbol : symbols) {
      Long rva = rvas.get(symbol);
      cells.add(rva == null ? NONE : Long.toString(rva - before, 16));
      before = rva == null ? before : rva;
    }
    return String.join(" ", cells);
  }

  static RvaTable read(JsonNode json) {
    List<String> symbols = List.of(json.path("symbols").asText().split(" ", -1));
    Map<String, String> lines = new LinkedHashMap<>();
    json.path("rvas").properties().forEach(row -> lines.put(row.getKey(), row.getValue().asText()));
    return new RvaTable(symbols, lines);
  }

  /** RVAs of one kernel, by symbol; none if it is not in this table. */
  Map<String, Long> rvas(String pdb) {
    Map<String, Long> rvas = new HashMap<>();
    String line = lines.getOrDefault(pdb, "");
    if (line.isEmpty()) {
      return rvas;
    }
    String[] cells = line.split(" ", -1);
    if (cells.length != symbols.size()) {
      throw new IllegalArgumentException(
          "%s has %d RVAs for %d symbols".formatted(pdb, cells.length, symbols.size()));
    }
    long before = 0;
    for (int i = 0; i < cells.length; i++) {
      if (!cells[i].equals(NONE)) {
        before += Long.parseLong(cells[i], 16);
        rvas.put(symbols.get(i), before);
      }
    }
    return rvas;
  }
}
