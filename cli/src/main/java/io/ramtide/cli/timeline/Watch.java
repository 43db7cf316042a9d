package io.ramtide.cli.timeline;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.cli.term.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
   * @param follow whether to wait for what comes after what is there now
   */
  public void run(boolean follow) {
    long alive = System.nanoTime();
    // checkError is true when whoever read the output has gone.
    while (!reader.isInterrupted() && !terminal.out().checkError()) {
      if (!follow && reader.isAtEnd()) {
        return;
      }
      List<TimelineRecord> records = reader.poll(POLL);
      records.stream()
          .filter(record -> domain.isEmpty() || domain.get().equals(record.domain()))
          .forEach(this::print);
      terminal.out().flush();
      // Consumers wait in silence for a broker that has gone.
      if (!records.isEmpty()) {
        alive = System.nanoTime();
      } else if (System.nanoTime() - alive > CHECK.toNanos()) {
        broker.check();
        alive = System.nanoTime();
      }
    }
  }

  private void print(TimelineRecord record) {
    if (record instanceof TimelineRecord.Change change) {
      printer.event(change.event());
    } else if (record instanceof TimelineRecord.Alarm alarm) {
      printer.anomaly(alarm.anomaly());
    } else if (record instanceof TimelineRecord.Capture capture) {
      printer.capture(capture.event());
    }
  }
}
