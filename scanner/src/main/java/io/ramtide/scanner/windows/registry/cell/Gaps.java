package io.ramtide.scanner.windows.registry.cell;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** How many of some things are missing, and why. */
public final class Gaps {
  private static final int MAX_REASONS = 4;

  private final Map<String, Long> reasons = new LinkedHashMap<>(4);
  private long missing;
  private boolean unreadable;
  private String remark;

  /** Says that some are missing. */
  public void add(String why, long count) {
    missing += count;
    if (reasons.size() < MAX_REASONS || reasons.containsKey(why)) {
      reasons.merge(why, count, Long::sum);
    }
  }

  /** Says that some may be there, and could not be read. */
  public void unreadable(String why, long count) {
    unreadable = true;
    add(why, count);
  }

  /** Says what is wrong though nothing is missing. */
  void remark(String text) {
    remark = text;
  }

  public boolean isEmpty() {
    return missing == 0 && remark == null;
  }

  /** Whether some of the missing may be there. */
  public boolean hasUnreadable() {
    return unreadable;
  }

  /** Null: nothing is missing, or wrong. */
  public String reason() {
    return reasons.isEmpty() ? remark : reasons.keySet().iterator().next();
  }

  /**
   * Null: nothing is missing, or wrong.
   *
   * @param of how many there should be
   */
  public String status(long of) {
    if (missing == 0) {
      return remark;
    }
    String why =
        reasons.size() == 1
            ? reason()
            : reasons.entrySet().stream()
                .map(reason -> reason.getValue() + "x " + reason.getKey())
                .collect(Collectors.joining(", "));
    return "%d of %d missing: %s".formatted(missing, Math.max(missing, of), why);
  }
}
