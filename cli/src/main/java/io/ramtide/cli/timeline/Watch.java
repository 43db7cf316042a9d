package io.ramtide.cli.timeline;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.cli.term.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Prints the timelines until a signal, the end, or nobody reads any more. */
public final class Watch {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration CHECK = Duration.ofSeconds(30);

  private final BrokerLink broker;
  private final TimelineReader reader;
  private final Terminal terminal;
  private final TimelinePrinter printer;
  private final Optional<String> domain;

  public Watch(
      BrokerLink broker,
      TimelineReader reader,
      Terminal terminal,
      TimelinePrinter printer,
      Optional<String> domain) {
    this.broker = broker;
    this.reader = reader;
    this.terminal = terminal;
    this.printer = printer;
    this.domain = domain;
  }

  /**
   * Prints what comes.
   *
   * @param follow whether to wait for what comes after what is there now
   */
  public void run(boolean follow) {
    run(() -> !follow && reader.isAtEnd(), printed -> {});
  }

  /**
   * Prints what comes, until it is enough.
   *
   * @param enough asked again and again; may throw what ends it otherwise
   * @param printed hears of every record that was printed
   */
  public void run(BooleanSupplier enough, Consumer<TimelineRecord> printed) {
    CaptureMerger merger = new CaptureMerger();
    long alive = System.nanoTime();
    // checkError is true when whoever read the output has gone.
    while (!reader.isInterrupted() && !terminal.out().checkError()) {
      if (enough.getAsBoolean()) {
        break;
      }
      List<TimelineRecord> records = reader.poll(POLL);
      for (TimelineRecord record : records) {
        if (domain.isEmpty() || domain.get().equals(record.domain())) {
          print(merger.add(record), printed);
        }
      }
      // All of a capture comes at once: what is not there now was written before the beginning.
      if (records.isEmpty()) {
        print(merger.flush(), printed);
      }
      terminal.out().flush();
      // Consumers wait in silence for a broker that has gone.
      if (!records.isEmpty()) {
        alive = System.nanoTime();
      } else if (System.nanoTime() - alive > CHECK.toNanos()) {
        broker.check();
        alive = System.nanoTime();
      }
    }
    print(merger.flush(), printed);
    terminal.out().flush();
  }

  private void print(List<TimelineRecord> records, Consumer<TimelineRecord> printed) {
    for (TimelineRecord record : records) {
      record.print(printer);
      printed.accept(record);
    }
  }
}
