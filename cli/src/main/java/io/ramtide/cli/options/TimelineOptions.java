package io.ramtide.cli.options;

import io.ramtide.cli.render.timeline.TimelineFilter;
import io.ramtide.cli.render.timeline.TimelineFilter.Timeline;
import io.ramtide.cli.render.timeline.TimelineJson;
import io.ramtide.cli.render.timeline.TimelinePrinter;
import io.ramtide.cli.render.timeline.TimelineText;
import io.ramtide.cli.term.Terminal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which timelines are printed, and how. */
public final class TimelineOptions {
  @Option(
      names = "--format",
      defaultValue = "table",
      description =
          "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}); json is one object a line.")
  private Format format;

  @Option(
      names = "--timeline",
      paramLabel = "KIND",
      split = ",",
      description =
          "Print only these timelines: ${COMPLETION-CANDIDATES} (default: all). Anomalies and"
              + " captures are always printed.")
  private List<Timeline> timelines = new ArrayList<>();

  public boolean isJson() {
    return format == Format.json;
  }

  /**
   * @param withDomain whether lines of several domains are mixed and each must name its own
   */
  public TimelinePrinter printer(Terminal terminal, boolean withDomain) {
    TimelinePrinter printer =
        format == Format.json ? new TimelineJson(terminal) : new TimelineText(terminal, withDomain);
    Set<Timeline> wanted =
        timelines.isEmpty() ? EnumSet.allOf(Timeline.class) : EnumSet.copyOf(timelines);
    return new TimelineFilter(printer, wanted);
  }
}
