package io.ramtide.cli.render;

import io.ramtide.cli.term.Printable;
import io.ramtide.schemas.CaptureStatus;
import java.util.Optional;

/** What a capture's status means, as a sentence. */
public final class Statuses {
  private Statuses() {}

  public static String sentence(CaptureStatus status) {
    return switch (status) {
      case DECODED -> "decoded";
      case NO_WINDOWS -> "no x64 Windows kernel found in this memory";
      case UNSUPPORTED_BUILD -> "Windows found, but this build is not supported";
      case UNREADABLE -> "the capture itself could not be rebuilt";
    };
  }

  public static String because(Optional<String> detail) {
    return detail.map(text -> ": " + Printable.of(text)).orElse("");
  }
}
