package io.ramtide.cli.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramtide.cli.Output;
import org.junit.jupiter.api.Test;

class TableTest {
  private final Output output = new Output();
  private final Table table = new Table().number("PID").text("NAME").text("NOTE");

  @Test
  void print_alignsColumns() {
    table.row(Style.PLAIN, 4, "System", null);
    table.row(Style.PLAIN, 1234, "a", "x");
    table.print(output.terminal(false));
    assertThat(output.lines())
        .containsExactly(" PID  NAME    NOTE", "   4  System  -", "1234  a       x");
  }

  @Test
  void print_ofHostileName_letsNoControlCharacterThrough() {
    table.row(Style.PLAIN, 4, "\u001b[2J\u001b]0;owned\u0007\nfake row", "\u202e");
    table.print(output.terminal(false));
    assertThat(output.lines()).hasSize(2);
    assertThat(output.out().chars().filter(c -> (c < ' ' && c != '\n') || c >= 0x7f)).isEmpty();
  }

  @Test
  void print_withColour_paintsWholeRows() {
    table.row(Style.RED, 4, "x", "y");
    table.print(output.terminal(true));
    assertThat(output.lines().get(1)).startsWith("\u001b[1;31m").endsWith("\u001b[0m");
  }

  @Test
  void row_withWrongNumberOfCells_isRefused() {
    assertThatThrownBy(() -> table.row(Style.PLAIN, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
