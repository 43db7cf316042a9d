package io.ramtide.cli.render.inspect;

import io.ramtide.cli.render.Kinds;
import io.ramtide.cli.term.Printable;
import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Terminal;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.FindingKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** Gathers findings into a table a kind, and prints each with what is to be said of its kind. */
public final class KindListing {
  /** Characters kept of all tables: a guest decides how many findings there are. */
  static final long MAX_CHARACTERS = 32 << 20;

  private final Terminal terminal;
  private final Map<FindingKind, Listing> tables = new EnumMap<>(FindingKind.class);
  private long room = MAX_CHARACTERS;

  public KindListing(Terminal terminal) {
    this.terminal = terminal;
  }

  public void add(SpecificRecord finding) {
    room -= tables.computeIfAbsent(FindingKind.of(finding), KindTables::of).add(finding, room);
  }

  /** Prints the tables, and for each kind what was found of it and what was not. */
  public void print(List<Coverage> coverage) {
    for (Coverage kind : coverage) {
      Listing table = tables.get(Kinds.singular(kind.getKind()));
      if (table != null) {
        terminal.line(terminal.paint(Style.BOLD, kind.getKind()));
        table.print(terminal);
      }
      status(kind, table == null ? 0 : table.findings());
      terminal.line("");
    }
  }

  /**
   * Prints how many, and whether that is all; several reasons why not are a line each.
   *
   * @param shown how many of them passed the filter
   */
  void status(Coverage kind, long shown) {
    String found =
        shown == kind.getCount()
            ? kind.getCount() + " found"
            : "%d of %d found are shown".formatted(shown, kind.getCount());
    String told = "%s: %s".formatted(Printable.of(kind.getKind()), told(kind, found));
    List<String> reasons =
        kind.getDetail() == null ? List.of() : List.of(kind.getDetail().split("; "));
    Style style = kind.getStatus() == CoverageStatus.complete ? Style.PLAIN : Style.YELLOW;
    if (reasons.size() > 1) {
      terminal.line(terminal.paint(style, told + ":"));
      reasons.forEach(reason -> terminal.line(terminal.paint(style, "  " + Printable.of(reason))));
    } else {
      String reason = reasons.isEmpty() ? "" : ": " + Printable.of(reasons.get(0));
      terminal.line(terminal.paint(style, told + reason));
    }
  }

  private static String told(Coverage kind, String found) {
    return switch (kind.getStatus()) {
      case complete -> found + ", complete";
      case incomplete -> found + ", incomplete";
      case notSupported -> kind.getCount() == 0 ? "not supported" : found + ", not supported";
      case failed -> found + ", and then ramtide failed";
      case unknown -> found + ", completeness not known";
    };
  }
}
