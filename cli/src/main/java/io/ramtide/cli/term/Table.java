package io.ramtide.cli.term;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Aligned columns for people. Every cell is escaped. */
public final class Table {
  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();
  private final List<Style> styles = new ArrayList<>();

  private record Column(String title, boolean right) {}

  /** A column of text, aligned to the left. */
  public Table text(String title) {
    columns.add(new Column(title, false));
    return this;
  }

  /** A column of numbers, aligned to the right. */
  public Table number(String title) {
    columns.add(new Column(title, true));
    return this;
  }

  /** Adds a row; a null cell is shown as a dash: not known. */
  public void row(Style style, Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells in a table of " + columns.size());
    }
    rows.add(
        Arrays.stream(cells)
            .map(cell -> cell == null ? "-" : Printable.of(cell.toString()))
            .toList());
    styles.add(style);
  }

  public void print(Terminal terminal) {
    int[] widths = widths();
    terminal.line(
        terminal.paint(Style.BOLD, line(columns.stream().map(Column::title).toList(), widths)));
    for (int i = 0; i < rows.size(); i++) {
      terminal.line(terminal.paint(styles.get(i), line(rows.get(i), widths)));
    }
  }

  private int[] widths() {
    int[] widths = columns.stream().mapToInt(column -> column.title().length()).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      line.append(i == 0 ? "" : "  ");
      line.append(columns.get(i).right() ? padding + cells.get(i) : cells.get(i) + padding);
    }
    return line.toString().stripTrailing();
  }
}
