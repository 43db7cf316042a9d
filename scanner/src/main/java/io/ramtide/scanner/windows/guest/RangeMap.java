package io.ramtide.scanner.windows.guest;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which of many ranges of addresses holds one. They may overlap, as a hostile guest's do: the one
 * that begins nearest to an address has it.
 */
public final class RangeMap<T> {
  /** What begins at an address, and lasts to the next one: a value, or none. */
  private final TreeMap<Long, Optional<T>> pieces = new TreeMap<>(Long::compareUnsigned);

  /**
   * Lays a range over those before it; to be called in the order of their starts.
   *
   * @param start VA
   * @param size bytes; 0 for a range that holds nothing
   */
  public void lay(long start, long size, T value) {
    if (size == 0) {
      return;
    }
    long end = start + size;
    boolean endsInside = Long.compareUnsigned(end, start) > 0;
    if (endsInside) {
      Map.Entry<Long, Optional<T>> behind = pieces.floorEntry(end);
      pieces.put(end, behind == null ? Optional.empty() : behind.getValue());
      pieces.subMap(start, end).clear();
    } else {
      pieces.tailMap(start).clear();
    }
    pieces.put(start, Optional.of(value));
  }

  /** The value whose range holds a VA. */
  public Optional<T> at(long va) {
    Map.Entry<Long, Optional<T>> piece = pieces.floorEntry(va);
    return piece == null ? Optional.empty() : piece.getValue();
  }
}
