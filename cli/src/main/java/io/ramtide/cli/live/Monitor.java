package io.ramtide.cli.live;

import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.agent.AgentListener;
import io.ramtide.acquirer.agent.AgentOutcome;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.listing.FindingsReader;
import io.ramtide.cli.pipeline.GuestFailures;
import io.ramtide.cli.pipeline.LocalRoles;
import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Terminal;
import io.ramtide.cli.timeline.TimelineReader;
import io.ramtide.cli.timeline.Unreadables;
import io.ramtide.cli.timeline.Watch;
import io.ramtide.scanner.windows.guest.Request;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Running guests: their timelines as they come, and in the end what each of them has. */
public final class Monitor {
  private final Terminal terminal;
  private final TimelinePrinter printer;
  private final GuestListing listing;
  private final Cleanup cleanup;

  public Monitor(
      Terminal terminal, TimelinePrinter printer, GuestListing listing, Cleanup cleanup) {
    this.terminal = terminal;
    this.printer = printer;
    this.listing = listing;
    this.cleanup = cleanup;
  }

  /**
   * Runs until the guests have their captures, or until a signal.
   *
   * @param request what the scanner is asked of every capture
   * @return what the worst listing amounts to
   */
  public ExitCode run(LiveGuests guests, Request request, BrokerLink broker, DataFolder data) {
    Unreadables unreadables = new Unreadables();
    // Both begin here, so that they have all of the first capture.
    try (TimelineReader reader = new TimelineReader(broker, false, unreadables);
        FindingsReader findings = new FindingsReader(broker)) {
      LocalRoles roles = cleanup.add(LocalRoles.start(broker, data, request));
      cleanup.add(reader::interrupt);
      GuestNews news = new GuestNews();
      LiveGuests.Captures captures = cleanup.add(start(guests, broker, news));
      CompletableFuture<AgentOutcome> outcome = await(captures);
      CaptureWait wait = new CaptureWait(System::nanoTime);
      new Watch(broker, reader, terminal, printer, Optional.empty())
          .run(
              () -> {
                roles.check();
                return outcome.isDone() && wait.isOver(news.last());
              },
              wait::printed);
      unreadables.report(terminal);
      if (reader.isInterrupted() || !outcome.isDone()) {
        return ExitCode.OK;
      }
      return conclude(outcome.join(), news, findings);
    }
  }

  private static LiveGuests.Captures start(
      LiveGuests guests, BrokerLink broker, AgentListener listener) {
    try {
      return guests.capture(broker.clientConfig(), listener);
    } catch (CaptureException | IOException e) {
      throw GuestFailures.of(e);
    }
  }

  private static CompletableFuture<AgentOutcome> await(LiveGuests.Captures captures) {
    CompletableFuture<AgentOutcome> outcome = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                outcome.complete(captures.await());
              } catch (InterruptedException | RuntimeException | Error e) {
                outcome.completeExceptionally(e);
              }
            },
            "acquirer-end");
    thread.setDaemon(true);
    thread.start();
    return outcome;
  }

  private ExitCode conclude(AgentOutcome outcome, GuestNews news, FindingsReader findings) {
    if (outcome.captures() == 0) {
      throw GuestFailures.ofNone(outcome);
    }
    ExitCode worst = ExitCode.OK;
    if (!outcome.unfinished().isEmpty()) {
      terminal.warn(
          "not every capture could be made of: " + String.join(", ", outcome.unfinished()));
      worst = ExitCode.INCOMPLETE;
    }
    for (GuestNews.Last guest : news.last()) {
      ExitCode code = listing.print(guest, findings);
      worst = code.code() > worst.code() ? code : worst;
    }
    return worst;
  }
}
