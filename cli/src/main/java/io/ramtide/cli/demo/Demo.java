package io.ramtide.cli.demo;

import io.ramtide.acquirer.Acquirer;
import io.ramtide.acquirer.AcquirerOptions;
import io.ramtide.acquirer.CaptureException;
import io.ramtide.acquirer.Progress;
import io.ramtide.cli.broker.BrokerLink;
import io.ramtide.cli.data.DataFolder;
import io.ramtide.cli.options.RegistryOptions;
import io.ramtide.cli.pipeline.CaptureFailures;
import io.ramtide.cli.pipeline.CaptureFeed;
import io.ramtide.cli.pipeline.LocalRoles;
import io.ramtide.cli.render.ProcessTree;
import io.ramtide.cli.render.timeline.TimelineFilter;
import io.ramtide.cli.render.timeline.TimelineFilter.Timeline;
import io.ramtide.cli.render.timeline.TimelineText;
import io.ramtide.cli.term.Cleanup;
import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Terminal;
import io.ramtide.cli.timeline.CaptureFollower;
import io.ramtide.cli.timeline.CaptureResult;
import io.ramtide.cli.timeline.TimelineReader;
import io.ramtide.cli.timeline.Unreadables;
import io.ramtide.schemas.Anomaly;
import io.ramtide.testkit.IncidentScenario;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A simulated Windows guest lives through an incident, and the pipeline tells of it. */
public final class Demo {
  private static final long SEED = 7;
  private static final String NAME = "simulated-workstation";

  /** Some keyframes among the deltas, as in a long run. */
  private static final int KEYFRAME_INTERVAL = 8;

  /** Told of the first capture: everything that is there would be an event. */
  private static final Set<Timeline> BEGINNING = EnumSet.of(Timeline.process);

  private final Terminal terminal;
  private final Cleanup cleanup;
  private final TimelineText timeline;
  private final Queue<String> captions = new ConcurrentLinkedQueue<>();
  private final Lifetimes lifetimes = new Lifetimes();

  public Demo(Terminal terminal, Cleanup cleanup) {
    this.terminal = terminal;
    this.cleanup = cleanup;
    this.timeline = new TimelineText(terminal, false);
  }

  /** Runs the incident to its end. */
  public void run(BrokerLink broker, DataFolder data) throws InterruptedException {
    UUID domain = UUID.randomUUID();
    IncidentScenario scenario = new IncidentScenario(SEED);
    LocalRoles roles = cleanup.add(LocalRoles.start(broker, data, RegistryOptions.standard()));
    AcquirerOptions options = new AcquirerOptions(data.signingKey(), KEYFRAME_INTERVAL);
    Unreadables unreadables = new Unreadables();
    try (TimelineReader reader = new TimelineReader(broker, true, unreadables)) {
      cleanup.add(reader::interrupt);
      CaptureFeed feed =
          CaptureFeed.start(numbers -> capture(broker, options, domain, scenario, numbers));
      CaptureFollower follower = new CaptureFollower(reader, broker, terminal, domain);
      for (int step = 0; step < scenario.size(); step++) {
        print(follower.await(feed.next(roles::check), roles::check));
      }
    }
    unreadables.report(terminal);
    conclude();
  }

  private void capture(
      BrokerLink broker,
      AcquirerOptions options,
      UUID domain,
      IncidentScenario scenario,
      CaptureFeed.Numbers numbers) {
    try (Acquirer acquirer = Acquirer.connect(broker.clientConfig(), options)) {
      for (IncidentScenario.Step step : scenario) {
        captions.add(step.caption());
        GuestSource source = new GuestSource(NAME + "-" + step.number(), step.ram());
        numbers.finished(
            acquirer.capture(domain, Optional.of(NAME), source, Progress.NONE).getCapture());
      }
    } catch (CaptureException e) {
      throw CaptureFailures.of(e);
    }
  }

  private void print(CaptureResult result) {
    terminal.line("");
    terminal.line(
        terminal.paint(
            Style.BOLD, "[%d] %s".formatted(result.capture().getCapture(), captions.remove())));
    result.print(lifetimes.isEmpty() ? new TimelineFilter(timeline, BEGINNING) : timeline);
    terminal.out().flush();
    lifetimes.add(result);
  }

  private void conclude() {
    terminal.line("");
    terminal.line(
        terminal.paint(
            Style.BOLD, "%-34s %6s  %s".formatted("PROCESS TREE", "PID", "LIFETIME (UTC)")));
    ProcessTree.print(terminal, lifetimes.nodes());
    terminal.line("");
    for (Anomaly anomaly : lifetimes.anomalies()) {
      timeline.anomaly(anomaly);
    }
    terminal.out().flush();
  }
}
