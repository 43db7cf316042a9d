package io.ramtide.cli.live;

import io.ramtide.cli.inspect.Completeness;
import io.ramtide.cli.listing.CaptureListing;
import io.ramtide.cli.listing.FindingsReader;
import io.ramtide.cli.render.FindingLines;
import io.ramtide.cli.render.JsonLines;
import io.ramtide.cli.render.inspect.InspectText;
import io.ramtide.cli.term.ExitCode;
import io.ramtide.cli.term.Printable;
import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Terminal;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Summary;
import java.util.Optional;
import java.util.Set;

/**
 * Prints what the last capture of a guest shows, as an inspection of its memory would.
 *
 * @param wanted kinds
 * @param named kinds the user asked for by name
 */
public record GuestListing(Terminal terminal, boolean json, Set<What> wanted, Set<What> named) {

  ExitCode print(GuestNews.Last guest, FindingsReader findings) {
    InspectText text = new InspectText(terminal, false, false);
    heading(guest);
    CaptureListing listing =
        new CaptureListing(
            guest.capture(),
            wanted,
            json ? finding -> FindingLines.of(finding, terminal::line) : text::add);
    long unreadable = findings.read(guest.domain(), listing);
    if (unreadable > 0) {
      terminal.warn("%d findings of %s could not be read".formatted(unreadable, guest.name()));
    }
    Optional<Summary> summary = listing.summary();
    if (summary.isEmpty()) {
      terminal.warn(
          "the findings of capture %d of %s are not on the topic any more"
              .formatted(guest.capture(), guest.name()));
      return ExitCode.INCOMPLETE;
    }
    if (json) {
      terminal.line(JsonLines.of(summary.get()));
    } else {
      text.print(summary.get());
    }
    terminal.out().flush();
    return Completeness.of(summary.get(), guest.warned() || unreadable > 0, named);
  }

  /** Findings do not say whose they are. */
  private void heading(GuestNews.Last guest) {
    if (json) {
      terminal.line(JsonLines.ofListing(guest.domain(), guest.name(), guest.capture()));
    } else {
      terminal.line("");
      terminal.line(
          terminal.paint(
              Style.BOLD,
              Printable.of(
                  "%s (%s), capture %d".formatted(guest.name(), guest.domain(), guest.capture()))));
      terminal.line("");
    }
  }
}
