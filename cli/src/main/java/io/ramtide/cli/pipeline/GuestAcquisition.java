package io.ramtide.cli.pipeline;

import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.agent.Agent;
import io.ramtide.acquirer.agent.AgentListener;
import io.ramtide.acquirer.agent.AgentOptions;
import io.ramtide.acquirer.agent.AgentOutcome;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Terminal;
import io.ramtide.schemas.Manifest;
import java.io.IOException;
import java.util.Locale;
import java.util.OptionalInt;

/** Captures running guests, until they have their captures or a signal comes. */
public final class GuestAcquisition {
  private final Terminal terminal;
  private final Cleanup cleanup;

  public GuestAcquisition(Terminal terminal, Cleanup cleanup) {
    this.terminal = terminal;
    this.cleanup = cleanup;
  }

  /**
   * Runs to the end.
   *
   * @param metricsPort of 127.0.0.1, if metrics are wanted
   */
  public ExitCode run(BrokerLink broker, AgentOptions options, OptionalInt metricsPort)
      throws InterruptedException {
    try {
      boolean bounded = options.captures().isPresent();
      Agent agent =
          cleanup.add(
              Agent.start(
                  broker.clientConfig(), options, bounded ? new Lines() : AgentListener.NONE));
      new MetricsPage(metricsPort, terminal, cleanup).of(agent);
      if (!bounded) {
        terminal.say(
            "ramtide: capturing the guests of %s to %s; SIGINT (Ctrl-C) or SIGTERM ends it"
                .formatted(options.uri(), broker.bootstrapServers()));
      }
      return exitCode(agent.await());
    } catch (CaptureException | IOException e) {
      throw GuestFailures.of(e);
    }
  }

  private ExitCode exitCode(AgentOutcome outcome) {
    terminal.say(
        "ramtide: %d captures, %d given up".formatted(outcome.captures(), outcome.failures()));
    if (outcome.unfinished().isEmpty()) {
      return ExitCode.OK;
    }
    if (outcome.captures() > 0) {
      terminal.warn("not all captures were made of: " + String.join(", ", outcome.unfinished()));
      return ExitCode.INCOMPLETE;
    }
    throw GuestFailures.ofNone(outcome);
  }

  /** A line a capture, on standard error. */
  private final class Lines implements AgentListener {
    @Override
    public void captured(Manifest manifest) {
      terminal.say(
          "ramtide: %s: capture %d (%s by %s): %d pages sent, %d unchanged, %d ms"
              .formatted(
                  manifest.getDomainName(),
                  manifest.getCapture(),
                  manifest.getKind().toString().toLowerCase(Locale.ROOT),
                  manifest.getMethod(),
                  manifest.getDataFrames(),
                  manifest.getUnchangedFrames(),
                  (manifest.getEndedAt() - manifest.getStartedAt()) / 1000));
    }
  }
}
