package io.ramtide.cli.term;

import java.util.Locale;

/** A line on standard error that tells how far long work is; nothing where it is no terminal. */
public final class ProgressBar implements AutoCloseable {
  private static final int CELLS = 24;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Terminal terminal;
  private final String label;
  private final long begun = System.nanoTime();
  private long drawn;
  private boolean visible;

  public ProgressBar(Terminal terminal, String label) {
    this.terminal = terminal;
    this.label = Printable.of(label);
    this.drawn = begun; // Work that is done at once shows no bar.
  }

  /** Shows that {@code done} of {@code total} bytes are done. Cheap enough to be called often. */
  public synchronized void at(long done, long total) {
    long now = System.nanoTime();
    if (!terminal.interactive() || terminal.quiet() || now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    visible = true;
    terminal.err().print(CLEAR_LINE + bar(done, total, (now - begun) / 1e9));
    terminal.err().flush();
  }

  private String bar(long done, long total, double seconds) {
    double part = total <= 0 ? 1 : Math.min(1, Math.max(0, (double) done / total));
    int full = (int) (part * CELLS);
    return String.format(
        Locale.ROOT,
        "%s [%s%s] %3d%% of %,d MiB, %,d MiB/s",
        label,
        "#".repeat(full),
        ".".repeat(CELLS - full),
        (int) (part * 100),
        total >> 20,
        (long) (done / seconds) >> 20);
  }

  /** Removes the bar, so that other lines can be printed. */
  public synchronized void clear() {
    if (visible) {
      terminal.err().print(CLEAR_LINE);
      terminal.err().flush();
      visible = false;
    }
  }

  @Override
  public void close() {
    clear();
  }
}
