package io.ramtide.cli.pipeline;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ProgressBar;
import io.ramtide.cli.term.Terminal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Captures dumps, one after the other; a signal ends it between two. */
public final class Acquisition {
  private final Terminal terminal;
  private final Cleanup cleanup;

  public Acquisition(Terminal terminal, Cleanup cleanup) {
    this.terminal = terminal;
    this.cleanup = cleanup;
  }

  /** Captures every dump that is not captured yet. */
  public void run(
      OpenDumps dumps, Optional<String> name, BrokerLink broker, AcquirerOptions options) {
    CountDownLatch done = new CountDownLatch(1);
    cleanup.add(done::await); // A signal waits for the capture in hand.
    terminal.say("ramtide: domain " + dumps.domain());
    try (Acquirer acquirer = Acquirer.connect(broker.clientConfig(), options);
        ProgressBar bar = new ProgressBar(terminal, "capturing")) {
      for (int i = 0; i < dumps.sources().size() && !cleanup.isClosed(); i++) {
        List<MemorySource> upToThis = dumps.sources().subList(0, i + 1);
        List<Long> made = acquirer.captureAll(dumps.domain(), name, upToThis, bar::at);
        bar.clear();
        terminal.say(
            "ramtide: capture %d: %s"
                .formatted(made.get(i), dumps.sources().get(i).description().name()));
      }
    } catch (CaptureException e) {
      throw CaptureFailures.of(e);
    } finally {
      done.countDown();
    }
  }
}
