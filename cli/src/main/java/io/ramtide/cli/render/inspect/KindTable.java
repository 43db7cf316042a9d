package io.ramtide.cli.render.inspect;

import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Table;
import io.ramtide.cli.term.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;

/**
 * A table of one kind of findings.
 *
 * @param <T> the kind's record
 * @param <R> what a row shows: the record, or one of several parts of it
 */
final class KindTable<T extends SpecificRecord, R> implements Listing {
  private final Class<T> type;
  private final Function<T, List<R>> rowsOf;
  private final Table table = new Table();
  private final List<Function<R, Object>> values = new ArrayList<>();
  private long findings;
  private long rows;
  private long leftOut;

  private KindTable(Class<T> type, Function<T, List<R>> rowsOf) {
    this.type = type;
    this.rowsOf = rowsOf;
  }

  /** A row a finding. */
  static <T extends SpecificRecord> KindTable<T, T> of(Class<T> type) {
    return new KindTable<>(type, List::of);
  }

  /** Several rows a finding. */
  static <T extends SpecificRecord, R> KindTable<T, R> of(
      Class<T> type, Function<T, List<R>> rowsOf) {
    return new KindTable<>(type, rowsOf);
  }

  KindTable<T, R> number(String title, Function<R, Object> value) {
    table.number(title);
    values.add(value);
    return this;
  }

  KindTable<T, R> text(String title, Function<R, Object> value) {
    table.text(title);
    values.add(value);
    return this;
  }

  /** A column that is cut where the terminal ends. */
  KindTable<T, R> wide(String title, Function<R, Object> value) {
    table.wide(title);
    values.add(value);
    return this;
  }

  @Override
  public long add(SpecificRecord finding, long room) {
    long kept = 0;
    findings++;
    for (R row : rowsOf.apply(type.cast(finding))) {
      if (kept >= room) {
        leftOut++;
        continue;
      }
      rows++;
      kept += table.row(Style.PLAIN, values.stream().map(value -> value.apply(row)).toArray());
    }
    return kept;
  }

  @Override
  public long findings() {
    return findings;
  }

  @Override
  public void print(Terminal terminal) {
    if (rows > 0) {
      table.print(terminal);
    }
    if (leftOut > 0) {
      terminal.line(
          terminal.paint(
              Style.YELLOW,
              "... and %d rows more: --format json prints them all".formatted(leftOut)));
    }
  }
}
