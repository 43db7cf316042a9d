package io.ramtide.cli.render.inspect;

import io.ramtide.cli.render.RegistryPath;
import io.ramtide.cli.render.RegistryText;
import io.ramtide.cli.render.Text;
import io.ramtide.cli.term.Printable;
import io.ramtide.cli.term.Style;
import io.ramtide.cli.term.Terminal;
import io.ramtide.schemas.RegistryKeyFinding;
import io.ramtide.schemas.RegistryValue;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/** Registry keys, a line each, and their values below them. */
final class RegistryListing implements Listing {
  private static final String INDENT = "    ";

  /** A name that is longer pushes the rest of its own line to the right. */
  private static final int WIDEST_NAME = 32;

  private final List<Line> lines = new ArrayList<>();
  private long findings;
  private long leftOut;
  private long kept;

  private record Line(Style style, String text) {}

  @Override
  public long add(SpecificRecord finding, long room) {
    RegistryKeyFinding key = (RegistryKeyFinding) finding;
    findings++;
    kept = 0;
    line(Style.BOLD, head(key), room);
    note(key.getKeyStatus(), "its name", room);
    note(key.getClassStatus(), "its class", room);
    note(key.getSubkeysStatus(), "subkeys are missing", room);
    note(key.getValuesStatus(), "values are missing", room);
    int width = nameWidth(key.getValueList());
    for (RegistryValue value : key.getValueList()) {
      if (kept < room) {
        line(Style.PLAIN, INDENT + RegistryText.value(value, width), room);
      } else {
        leftOut++;
      }
    }
    return kept;
  }

  private static String head(RegistryKeyFinding key) {
    StringBuilder head = new StringBuilder(Text.time(key.getLastWriteTime()));
    head.append("  ").append(RegistryPath.of(key.getHive(), key.getKey()));
    if (key.getVolatile$()) {
      head.append("  (volatile)");
    }
    if (key.getClassName() != null) {
      head.append("  class ").append(key.getClassName());
    }
    if (key.getLinkTarget() != null) {
      head.append("  -> ").append(key.getLinkTarget());
    }
    return head.toString();
  }

  private static int nameWidth(List<RegistryValue> values) {
    return values.stream()
        .mapToInt(value -> RegistryText.name(value.getName()).length())
        .filter(width -> width <= WIDEST_NAME)
        .max()
        .orElse(0);
  }

  private void note(String status, String what, long room) {
    if (status != null) {
      line(Style.YELLOW, INDENT + "(" + what + ": " + status + ")", room);
    }
  }

  private void line(Style style, String text, long room) {
    if (kept >= room) {
      leftOut++;
      return;
    }
    String shown = Printable.of(text);
    lines.add(new Line(style, shown));
    kept += shown.length();
  }

  @Override
  public long findings() {
    return findings;
  }

  @Override
  public void print(Terminal terminal) {
    for (Line line : lines) {
      terminal.line(terminal.paint(line.style(), Text.cut(line.text(), terminal.columns())));
    }
    if (leftOut > 0) {
      terminal.line(
          terminal.paint(
              Style.YELLOW,
              "... and %d lines more: --format json prints them all".formatted(leftOut)));
    }
  }
}
