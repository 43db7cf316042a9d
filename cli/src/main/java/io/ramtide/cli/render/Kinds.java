package io.ramtide.cli.render;

import io.ramtide.schemas.FindingKind;

/** The kinds by their names in coverage and on the command line, which are plural. */
public final class Kinds {
  private Kinds() {}

  public static FindingKind singular(String kind) {
    return switch (kind) {
      case "processes" -> FindingKind.process;
      case "mutexes" -> FindingKind.mutex;
      case "environment", "ssdt" -> FindingKind.valueOf(kind);
      case "registry" -> FindingKind.registryKey;
      default -> FindingKind.valueOf(kind.substring(0, kind.length() - 1));
    };
  }
}
