package io.ramtide.cli.timeline;

import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Failure;
import io.ramtide.cli.term.Terminal;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** Waits for what captures of one domain bring, never without an end. */
public final class CaptureFollower {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration REMIND = Duration.ofSeconds(20);
  private static final Duration GIVE_UP = Duration.ofMinutes(10);

  private final TimelineReader reader;
  private final BrokerLink broker;
  private final Terminal terminal;
  private final CaptureCollector collector;

  public CaptureFollower(TimelineReader reader, BrokerLink broker, Terminal terminal, UUID domain) {
    this.reader = reader;
    this.broker = broker;
    this.terminal = terminal;
    this.collector = new CaptureCollector(domain.toString());
  }

  /**
   * Waits for a capture.
   *
   * @param health throws a Failure if one of those that should bring the capture has died
   * @throws Failure if the broker stays away, or nothing comes for long
   */
  public CaptureResult await(long capture, Runnable health) {
    long begun = System.nanoTime();
    long reminded = begun;
    while (true) {
      Optional<CaptureResult> result = collector.take(capture);
      if (result.isPresent()) {
        return result.get();
      }
      health.run();
      if (reader.isInterrupted()) {
        throw new Failure(ExitCode.INTERNAL, "interrupted");
      }
      boolean any = false;
      for (TimelineRecord record : reader.poll(POLL)) {
        any |= collector.add(record);
      }
      long now = System.nanoTime();
      if (any) {
        begun = now;
        reminded = now;
      } else if (now - begun > GIVE_UP.toNanos()) {
        throw new Failure(
            ExitCode.INTERNAL,
            ("nothing came of capture %d for %d minutes; the capture itself is kept: "
                    + "start the same command again, with --verbose to see more")
                .formatted(capture, GIVE_UP.toMinutes()));
      } else if (now - reminded > REMIND.toNanos()) {
        broker.check();
        reminded = System.nanoTime();
        terminal.say(
            "ramtide: still waiting for capture %d to be scanned and correlated (%d s)"
                .formatted(capture, Duration.ofNanos(now - begun).toSeconds()));
      }
    }
  }
}
