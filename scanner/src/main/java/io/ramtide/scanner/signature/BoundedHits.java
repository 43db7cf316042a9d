package io.ramtide.scanner.signature;

import java.util.Arrays;

/** Addresses of hits, ascending, up to a limit; those beyond it are only counted. */
public final class BoundedHits {
  private final int limit;
  private long[] gpas = new long[64];
  private int size;
  private long cut;

  public BoundedHits(int limit) {
    this.limit = limit;
  }

  public void add(long gpa) {
    if (size == limit) {
      cut++;
      return;
    }
    if (size == gpas.length) {
      gpas = Arrays.copyOf(gpas, Math.min(limit, 2 * size));
    }
    gpas[size++] = gpa;
  }

  /** Adds addresses that are ascending too, in their places; nothing was cut before. */
  public void merge(long[] others) {
    long[] mine = gpas();
    size = 0;
    int next = 0;
    for (long gpa : mine) {
      while (next < others.length && others[next] < gpa) {
        add(others[next++]);
      }
      add(gpa);
    }
    while (next < others.length) {
      add(others[next++]);
    }
  }

  public long[] gpas() {
    return Arrays.copyOf(gpas, size);
  }

  /** How many were left out. */
  public long cut() {
    return cut;
  }
}
