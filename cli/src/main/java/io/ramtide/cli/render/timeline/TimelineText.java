package io.ramtide.cli.render.timeline;

import io.ramtide.cli.render.Statuses;
import io.ramtide.cli.render.Text;
import io.ramtide.cli.term.Printable;
import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Terminal;
import io.ramtide.schemas.Anomaly;
import io.ramtide.schemas.CaptureEvent;
import io.ramtide.schemas.CaptureStatus;
import io.ramtide.schemas.FileTime;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.NetworkEvent;
import io.ramtide.schemas.OwnerStatus;
import io.ramtide.schemas.ProcessEvent;
import io.ramtide.schemas.RegistryEvent;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** The timeline for people, a line as each record comes. */
public final class TimelineText implements TimelinePrinter {
  private static final int DOMAIN_SHOWN = 8;

  private final Terminal terminal;
  private final boolean withDomain;
  private boolean headerPrinted;

  /**
   * @param withDomain whether lines of several domains are mixed and each must name its own
   */
  public TimelineText(Terminal terminal, boolean withDomain) {
    this.terminal = terminal;
    this.withDomain = withDomain;
  }

  @Override
  public void process(ProcessEvent event) {
    header();
    String name = event.getImageName() == null ? "(name unreadable)" : event.getImageName();
    String line =
        "%s%7d  %-25s  %-11s  %6d  %6s  %s%s"
            .formatted(
                domain(event.getDomain()),
                event.getCapture(),
                when(event.getTime(), event.getNotBefore(), event.getNotAfter()),
                event.getType(),
                event.getPid(),
                event.getParentPid() == null ? "-" : event.getParentPid(),
                Printable.of(name),
                lifetime(event));
    terminal.line(terminal.paint(style(event), line));
  }

  @Override
  public void registry(RegistryEvent event) {
    change(
        event.getDomain(),
        event.getCapture(),
        when(event.getTime(), event.getNotBefore(), event.getNotAfter()),
        "registry",
        EventText.of(event),
        event.getWatched() ? Style.YELLOW : Style.PLAIN);
  }

  @Override
  public void network(NetworkEvent event) {
    change(
        event.getDomain(),
        event.getCapture(),
        when(event.getTime(), event.getNotBefore(), event.getNotAfter()),
        "network",
        EventText.of(event),
        style(event));
  }

  private void change(
      String domain, long capture, String when, String timeline, String text, Style style) {
    header();
    terminal.line(
        terminal.paint(
            style,
            "%s%7d  %-25s  %-11s  %s"
                .formatted(domain(domain), capture, when, timeline, Printable.of(text))));
  }

  private static Style style(NetworkEvent event) {
    if (event.getOwner() == OwnerStatus.hidden) {
      return Style.RED;
    }
    return switch (event.getType()) {
      case listeningOpened, connectionOpened -> Style.GREEN;
      case listeningClosed, connectionClosed -> Style.CYAN;
      case connectionStateChanged, unknown -> Style.PLAIN;
    };
  }

  private static Style style(ProcessEvent event) {
    return switch (event.getType()) {
      case started -> Style.GREEN;
      case exited -> Style.CYAN;
      case appeared -> Style.PLAIN;
      case disappeared -> Style.YELLOW;
    };
  }

  private static String lifetime(ProcessEvent event) {
    if (event.getExitTime() == null || event.getCreateTime() == null) {
      return "";
    }
    Duration lived =
        Duration.between(
            FileTime.toInstant(event.getCreateTime()), FileTime.toInstant(event.getExitTime()));
    return lived.isNegative() ? "" : "  (ran %,.1f s)".formatted(lived.toMillis() / 1000.0);
  }

  /** Windows' own time, or the end of the interval in which it must have been. */
  private static String when(Long time, Long notBefore, long notAfter) {
    if (time != null) {
      return Text.time(time);
    }
    return (notBefore == null ? "by " : "~ ") + Text.second(notAfter);
  }

  @Override
  public void anomaly(Anomaly anomaly) {
    header();
    String technique = anomaly.getTechnique() == null ? "" : " " + anomaly.getTechnique();
    String line =
        "%s%7d  %-25s  !! %s%s %s: %s"
            .formatted(
                domain(anomaly.getDomain()),
                anomaly.getCapture(),
                "by " + Text.second(anomaly.getNotAfter()),
                anomaly.getSeverity().toString().toUpperCase(Locale.ROOT),
                Printable.of(technique),
                Printable.of(anomaly.getRule()),
                Printable.of(anomaly.getMessage()));
    terminal.line(terminal.paint(Style.RED, line));
  }

  @Override
  public void capture(CaptureEvent capture) {
    header();
    terminal.line(
        terminal.paint(
            capture.getStatus() == CaptureStatus.DECODED ? Style.DIM : Style.YELLOW,
            "%s%7d  %-25s  -- %s"
                .formatted(
                    domain(capture.getDomain()),
                    capture.getCapture(),
                    Text.time(capture.getTime()),
                    summary(capture))));
    if (capture.getStatus() == CaptureStatus.DECODED
        && capture.getActiveList() != ListStatus.complete) {
      note(
          "the active process list could not be walked to its end"
              + Statuses.because(Optional.ofNullable(capture.getActiveListDetail())));
    }
    if (capture.getRebooted()) {
      note(
          "the guest was rebooted%s: nothing is compared with what was before"
              .formatted(
                  capture.getBootTime() == null ? "" : " at " + Text.time(capture.getBootTime())));
    }
    if (capture.getUnreadableFrames() > 0) {
      note(
          Text.count(capture.getUnreadableFrames(), "frame", "frames")
              + " of RAM could not be read");
    }
  }

  private void note(String text) {
    terminal.line(terminal.paint(Style.YELLOW, " ".repeat(withDomain ? 17 : 7) + "  " + text));
  }

  private static String summary(CaptureEvent capture) {
    if (capture.getStatus() != CaptureStatus.DECODED) {
      return Statuses.sentence(capture.getStatus())
          + Statuses.because(Optional.ofNullable(capture.getDetail()));
    }
    long changes =
        (long) capture.getEvents() + capture.getRegistryEvents() + capture.getNetworkEvents();
    return "capture of %s%s%s: %s, %s"
        .formatted(
            Text.count(capture.getProcesses(), "process", "processes"),
            capture.getKeys() == 0
                ? ""
                : ", " + Text.count(capture.getKeys(), "registry key", "registry keys"),
            capture.getEndpoints() == 0
                ? ""
                : ", " + Text.count(capture.getEndpoints(), "endpoint", "endpoints"),
            Text.count(changes, "change", "changes"),
            Text.count(capture.getAnomalies(), "anomaly", "anomalies"));
  }

  private String domain(String domain) {
    if (!withDomain) {
      return "";
    }
    String shown = Printable.of(domain);
    return "%-8s  ".formatted(shown.substring(0, Math.min(DOMAIN_SHOWN, shown.length())));
  }

  private void header() {
    if (headerPrinted) {
      return;
    }
    headerPrinted = true;
    String domain = withDomain ? "%-8s  ".formatted("DOMAIN") : "";
    terminal.line(
        terminal.paint(
            Style.BOLD,
            domain
                + "%7s  %-25s  %-11s  %6s  %6s  %s"
                    .formatted("CAPTURE", "TIME (UTC)", "CHANGE", "PID", "PARENT", "PROCESS")));
  }
}
