package io.ramtide.cli.inspect;

import io.ramtide.cli.term.ExitCode;
import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.ListStatus;
import io.ramtide.schemas.Summary;
import java.util.Set;

/** What an answer is worth, as an exit code. */
public final class Completeness {
  private Completeness() {}

  /**
   * The exit code of a memory's findings. Parts of the answer may be missing because parts of the
   * memory are, or because ramtide has a defect. Pages that Windows itself had put away, which
   * every guest has, do not count: the kind they belong to says so.
   *
   * @param warned whether the source of the memory has a warning
   * @param named kinds the user asked for by name: that one is not supported is no complete answer
   */
  public static ExitCode of(Summary summary, boolean warned, Set<What> named) {
    return switch (summary.getStatus()) {
      case DECODED -> warned || lacks(summary, named) ? ExitCode.INCOMPLETE : ExitCode.OK;
      case NO_WINDOWS, UNSUPPORTED_BUILD -> ExitCode.NO_WINDOWS;
      case UNREADABLE -> ExitCode.INCOMPLETE;
    };
  }

  private static boolean lacks(Summary summary, Set<What> named) {
    return summary.getUnreadableFrames() > 0
        || summary.getActiveList() != ListStatus.complete
        || summary.getCoverage().stream()
            .anyMatch(
                kind ->
                    kind.getStatus() == CoverageStatus.failed
                        || (kind.getStatus() == CoverageStatus.notSupported
                            && isNamed(kind.getKind(), named)));
  }

  private static boolean isNamed(String kind, Set<What> named) {
    return named.stream().map(What::name).anyMatch(kind::equals);
  }
}
