package io.ramtide.correlator.intake;

import io.ramtide.correlator.state.KindCount;
import io.ramtide.correlator.state.OpenCapture;
import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.FindingKind;
import io.ramtide.schemas.Summary;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How many findings of a capture came, and how many should have. */
final class Tally {
  /** The coverage of the kinds that are correlated; of keys those gone are counted, too. */
  private static final Set<String> COVERAGE = Set.of("processes", "hives", "registry", "endpoints");

  private static final KindCount NONE = new KindCount(0, 0, 0L);

  private Tally() {}

  static KindCount of(OpenCapture open, FindingKind kind) {
    return open.getKinds().getOrDefault(kind.name(), NONE);
  }

  /** The capture with one finding more. */
  static OpenCapture.Builder with(OpenCapture open, FindingKind kind, boolean kept, long bytes) {
    KindCount before = of(open, kind);
    Map<String, KindCount> kinds = new TreeMap<>(open.getKinds());
    kinds.put(
        kind.name(),
        new KindCount(
            before.getCame() + 1,
            before.getKept() + (kept ? 1 : 0),
            before.getBytes() + (kept ? bytes : 0)));
    return OpenCapture.newBuilder(open).setKinds(kinds);
  }

  static int came(OpenCapture open) {
    return open.getKinds().values().stream().mapToInt(KindCount::getCame).sum();
  }

  /** Of all findings but those of keys. */
  static long bufferedBytes(OpenCapture open) {
    return open.getKinds().values().stream().mapToLong(KindCount::getBytes).sum()
        - of(open, FindingKind.registryKey).getBytes()
        - of(open, FindingKind.registryKeyGone).getBytes();
  }

  static Map<FindingKind, Integer> dropped(OpenCapture open) {
    Map<FindingKind, Integer> dropped = new EnumMap<>(FindingKind.class);
    open.getKinds()
        .forEach(
            (kind, count) ->
                dropped.put(FindingKind.valueOf(kind), count.getCame() - count.getKept()));
    return dropped;
  }

  /**
   * How many of the findings that a Summary closes are of the kinds that are correlated.
   *
   * @return all of them, if it does not say
   */
  static int expected(Summary summary) {
    if (summary.getCoverage().isEmpty() || summary.getFindings() == 0) {
      return summary.getFindings();
    }
    return 1 // The kernel's.
        + summary.getCoverage().stream()
            .filter(coverage -> COVERAGE.contains(coverage.getKind()))
            .mapToInt(Coverage::getCount)
            .sum();
  }
}
