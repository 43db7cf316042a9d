package io.ramtide.cli.term;

import java.util.ArrayList;
import java.util.List;

/** Aligned columns for people. Every cell is escaped. */
public final class Table {
  /** A wide column is not made narrower than this to fit the terminal. */
  private static final int NARROWEST = 16;

  private static final String GAP = "  ";
  private static final String CUT = "...";

  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();
  private final List<Style> styles = new ArrayList<>();

  private record Column(String title, boolean right, boolean wide) {}

  /** A column of text, aligned to the left. */
  public Table text(String title) {
    columns.add(new Column(title, false, false));
    return this;
  }

  /** A column of text that is cut where the terminal ends. */
  public Table wide(String title) {
    columns.add(new Column(title, false, true));
    return this;
  }

  /** A column of numbers, aligned to the right. */
  public Table number(String title) {
    columns.add(new Column(title, true, false));
    return this;
  }

  /**
   * Adds a row; a null cell is shown as a dash: not known.
   *
   * @return characters that it keeps
   */
  public int row(Style style, Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells in a table of " + columns.size());
    }
    List<String> row = new ArrayList<>(cells.length);
    int kept = 0;
    for (Object cell : cells) {
      String text = cell == null ? "-" : Printable.of(cell.toString());
      row.add(text);
      kept += text.length();
    }
    rows.add(row);
    styles.add(style);
    return kept;
  }

  public void print(Terminal terminal) {
    int[] widths = widths();
    fit(widths, terminal.columns());
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

  /** Takes from the widest of the wide columns until the lines fit, or none can give any more. */
  private void fit(int[] widths, int most) {
    int total = GAP.length() * (widths.length - 1);
    for (int width : widths) {
      total += width;
    }
    while (most > 0 && total > most) {
      int widest = -1;
      int next = NARROWEST;
      for (int i = 0; i < widths.length; i++) {
        if (!columns.get(i).wide()) {
          continue;
        }
        if (widest < 0 || widths[i] > widths[widest]) {
          next = widest < 0 ? next : Math.max(next, widths[widest]);
          widest = i;
        } else {
          next = Math.max(next, widths[i]);
        }
      }
      if (widest < 0 || widths[widest] <= NARROWEST) {
        return;
      }
      // Down to the next widest at once: a hostile text may be 10^5 characters wide.
      int width = Math.max(widths[widest] - (total - most), Math.min(next, widths[widest] - 1));
      total -= widths[widest] - width;
      widths[widest] = width;
    }
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = cut(cells.get(i), widths[i]);
      String padding = " ".repeat(widths[i] - cell.length());
      line.append(i == 0 ? "" : GAP);
      line.append(columns.get(i).right() ? padding + cell : cell + padding);
    }
    return line.toString().stripTrailing();
  }

  private static String cut(String cell, int width) {
    return cell.length() <= width ? cell : cell.substring(0, width - CUT.length()) + CUT;
  }
}
