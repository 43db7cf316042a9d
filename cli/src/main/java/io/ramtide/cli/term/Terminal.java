package io.ramtide.cli.term;

import java.io.PrintWriter;

/**
 * Where a command prints: results on standard output, messages and progress on standard error.
 *
 * @param colour whether results may carry colour
 * @param interactive whether standard error is a terminal, so that progress may be drawn on it
 * @param quiet whether only results and failures are wanted
 * @param columns width of standard output, if it is a terminal; else 0
 */
public record Terminal(
    PrintWriter out,
    PrintWriter err,
    boolean colour,
    boolean interactive,
    boolean quiet,
    int columns) {

  /** Says on standard error what goes on, unless that is not wanted. */
  public void say(String message) {
    if (!quiet) {
      err.println(Printable.of(message));
      err.flush();
    }
  }

  /** Warns on standard error. */
  public void warn(String message) {
    err.println("ramtide: " + Printable.of(message));
    err.flush();
  }

  /** One line of result; it must not hold anything that is not {@link Printable}. */
  public void line(String text) {
    out.println(text);
  }

  public String paint(Style style, String text) {
    return colour ? style.paint(text) : text;
  }

  /** The same, with another width of lines; 0: any. */
  public Terminal withColumns(int most) {
    return new Terminal(out, err, colour, interactive, quiet, most);
  }
}
