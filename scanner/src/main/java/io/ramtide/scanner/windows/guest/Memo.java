package io.ramtide.scanner.windows.guest;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What decoders keep from one analysis of a memory to the next, so that the next costs what
 * changed. It may be gone at any time: without it, they begin anew.
 */
public final class Memo {
  private final Map<Class<?>, Object> kept = new HashMap<>();

  private long round;

  /** The number of this analysis, which goes up by one from one to the next. */
  public long round() {
    return round;
  }

  /** The same, for the next analysis. */
  public Memo next() {
    round++;
    return this;
  }

  /** What was kept of a type, else a new one, which is kept. */
  public <T> T of(Class<T> type, Supplier<T> make) {
    return type.cast(kept.computeIfAbsent(type, key -> make.get()));
  }
}
