package io.ramtide.bench.live;

import java.io.Closeable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Captures of a machine, one after the other, by their numbers; times as System.nanoTime. */
abstract class Captures implements Closeable {
  /** When reading began. */
  final Map<Long, Long> starts = new ConcurrentHashMap<>();

  /** When the manifest was acknowledged. */
  final Map<Long, Long> ends = new ConcurrentHashMap<>();

  /** Throws what ended them too early. */
  abstract void check();

  /** Ends them. */
  @Override
  public abstract void close();
}
