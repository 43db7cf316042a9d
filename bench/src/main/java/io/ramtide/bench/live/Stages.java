package io.ramtide.bench.live;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Times of a change's way, stage by stage. */
final class Stages {
  private static final String ALL = "all of it (target: p95 <= 1000)";

  private final Map<String, double[]> millis = new LinkedHashMap<>();
  private final List<String> lost;

  /** A change of the guest, when it was made. */
  record Change(String what, long at) {}

  /**
   * @param starts of the captures, by number
   */
  Stages(List<Change> changes, Map<Long, Long> starts, Told told) {
    List<Change> seen = changes.stream().filter(c -> told.events.containsKey(c.what())).toList();
    lost =
        changes.stream().filter(c -> !told.events.containsKey(c.what())).map(Change::what).toList();
    double[][] stages = new double[5][seen.size()];
    for (int i = 0; i < seen.size(); i++) {
      long made = seen.get(i).at();
      Told.Event event = told.events.get(seen.get(i).what());
      long started = starts.get(event.capture());
      long manifest = told.manifests.get(event.capture());
      long findings = told.summaries.get(event.capture());
      stages[0][i] = (started - made) / 1e6;
      stages[1][i] = (manifest - started) / 1e6;
      stages[2][i] = (findings - manifest) / 1e6;
      stages[3][i] = (event.at() - findings) / 1e6;
      stages[4][i] = (event.at() - made) / 1e6;
    }
    String[] names = {
      "change to the first page read by the capture that shows it",
      "capture, to its manifest in Kafka",
      "scan, to its findings in Kafka",
      "correlation, to the event in Kafka",
      ALL
    };
    for (int i = 0; i < names.length; i++) {
      millis.put(names[i], stages[i]);
    }
  }

  void print(PrintStream out) {
    out.printf("| from a change in RAM to its event, ms | p50 | p95 | max |%n|---|---|---|---|%n");
    millis.forEach(
        (name, values) ->
            out.printf(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %.0f |%n",
                name,
                quantile(values, 0.5),
                quantile(values, 0.95),
                quantile(values, 1)));
    out.printf("(%d changes", millis.get(ALL).length + lost.size());
    out.println(lost.isEmpty() ? ", all told)" : "; not told: " + lost + ")");
  }

  static double quantile(double[] values, double share) {
    if (values.length == 0) {
      return Double.NaN;
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}
