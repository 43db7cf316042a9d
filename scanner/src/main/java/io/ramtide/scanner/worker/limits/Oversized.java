package io.ramtide.scanner.worker.limits;

import io.ramtide.scanner.windows.guest.What;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import io.ramtide.schemas.FindingKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Findings of one capture that are too large for a record. Decoders bound what they find well below
 * that; if one does not, its finding is left out and said to be, since a record that the broker
 * refuses would end the worker again and again.
 */
public final class Oversized {
  /** Bytes of a record on ramtide.findings; half of what brokers take by default. */
  public static final int MAX_RECORD = 512 << 10;

  private final Map<What, Integer> leftOut = new EnumMap<>(What.class);

  /** Whether a record may be published; if not, it is counted. */
  public boolean fits(FindingKind kind, int bytes) {
    if (bytes < MAX_RECORD) {
      return true;
    }
    for (What what : What.values()) {
      if (what.tells(kind)) {
        leftOut.merge(what, 1, Integer::sum);
      }
    }
    return false;
  }

  /** What was found, without what was left out. */
  public List<Coverage> correct(List<Coverage> coverage) {
    return coverage.stream().map(this::corrected).toList();
  }

  private Coverage corrected(Coverage kind) {
    int less = leftOut.getOrDefault(What.valueOf(kind.getKind()), 0);
    if (less == 0) {
      return kind;
    }
    String why = "%d of them larger than a record may be (%d bytes)".formatted(less, MAX_RECORD);
    return Coverage.newBuilder(kind)
        .setCount(kind.getCount() - less)
        .setStatus(
            kind.getStatus() == CoverageStatus.complete
                ? CoverageStatus.incomplete
                : kind.getStatus())
        .setDetail(kind.getDetail() == null ? why : why + "; " + kind.getDetail())
        .build();
  }
}
