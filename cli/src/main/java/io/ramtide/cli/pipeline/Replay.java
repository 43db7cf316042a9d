package io.ramtide.cli.pipeline;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.source.MemorySource;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.ProgressBar;
import io.ramtide.cli.term.Terminal;
import io.ramtide.cli.timeline.CaptureFollower;
import io.ramtide.cli.timeline.CaptureResult;
import io.ramtide.cli.timeline.TimelineReader;
import io.ramtide.cli.timeline.Unreadables;
import io.ramtide.scanner.windows.guest.Request;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.ListStatus;
import java.util.List;
import java.util.Optional;

/** Dumps through the whole pipeline in this JVM, and their timeline out of it. */
public final class Replay {
  private final Terminal terminal;
  private final TimelinePrinter printer;
  private final Cleanup cleanup;

  public Replay(Terminal terminal, TimelinePrinter printer, Cleanup cleanup) {
    this.terminal = terminal;
    this.printer = printer;
    this.cleanup = cleanup;
  }

  /**
   * Runs to the end of the last dump's events.
   *
   * @param request what the scanner is asked of every capture
   * @return what the worst capture amounts to
   */
  public ExitCode run(
      OpenDumps dumps,
      Optional<String> name,
      int keyframeInterval,
      Request request,
      BrokerLink broker,
      DataFolder data)
      throws InterruptedException {
    terminal.say("ramtide: domain " + dumps.domain());
    LocalRoles roles = cleanup.add(LocalRoles.start(broker, data, request));
    // After a single dump no delta can follow, so its pages need no hashes.
    int interval = dumps.sources().size() == 1 ? 1 : keyframeInterval;
    AcquirerOptions options = new AcquirerOptions(data.signingKey(), interval);
    Unreadables unreadables = new Unreadables();
    try (ProgressBar bar = new ProgressBar(terminal, "capturing");
        TimelineReader reader = new TimelineReader(broker, true, unreadables)) {
      cleanup.add(reader::interrupt);
      CaptureFeed feed =
          CaptureFeed.start(numbers -> captureAll(broker, options, dumps, name, bar, numbers));
      CaptureFollower follower = new CaptureFollower(reader, broker, terminal, dumps.domain());
      ExitCode worst = dumps.isIncomplete() ? ExitCode.INCOMPLETE : ExitCode.OK;
      for (int i = 0; i < dumps.sources().size(); i++) {
        CaptureResult result = follower.await(feed.next(roles::check), roles::check);
        bar.clear();
        result.print(printer);
        terminal.out().flush();
        worst = worse(worst, exitCode(result.capture()));
      }
      unreadables.report(terminal);
      return worst;
    }
  }

  private static void captureAll(
      BrokerLink broker,
      AcquirerOptions options,
      OpenDumps dumps,
      Optional<String> name,
      ProgressBar bar,
      CaptureFeed.Numbers numbers) {
    try (Acquirer acquirer = Acquirer.connect(broker.clientConfig(), options)) {
      // Dump by dump, so that the first one's timeline does not wait for the last one.
      for (int i = 0; i < dumps.sources().size(); i++) {
        List<MemorySource> upToThis = dumps.sources().subList(0, i + 1);
        List<Long> made = acquirer.captureAll(dumps.domain(), name, upToThis, bar::at);
        numbers.finished(made.get(i));
      }
    } catch (CaptureException e) {
      throw CaptureFailures.of(e);
    }
  }

  private static ExitCode exitCode(CaptureEvent capture) {
    return switch (capture.getStatus()) {
      case DECODED ->
          capture.getActiveList() == ListStatus.complete && capture.getUnreadableFrames() == 0
              ? ExitCode.OK
              : ExitCode.INCOMPLETE;
      case NO_WINDOWS, UNSUPPORTED_BUILD -> ExitCode.NO_WINDOWS;
      case UNREADABLE -> ExitCode.INCOMPLETE;
    };
  }

  private static ExitCode worse(ExitCode a, ExitCode b) {
    return a.code() >= b.code() ? a : b;
  }
}
