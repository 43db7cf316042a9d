package io.ramtide.testkit.windows.hive;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The free cells of a storage: by offset, and by size for the best fit. */
final class FreeCells {

  private final TreeMap<Integer, Integer> sizes = new TreeMap<>();
  private final TreeSet<Long> bySize = new TreeSet<>();

  /** Takes the smallest cell of at least so many bytes; its offset, -1 if there is none. */
  int take(int bytes) {
    Long best = bySize.ceiling((long) bytes << 32);
    if (best == null) {
      return -1;
    }
    int offset = (int) (long) best;
    remove(offset);
    return offset;
  }

  void add(int offset, int size) {
    sizes.put(offset, size);
    bySize.add((long) size << 32 | offset);
  }

  /** Takes a cell out; its size, 0 if none is free there. */
  int remove(int offset) {
    Integer size = sizes.remove(offset);
    if (size == null) {
      return 0;
    }
    bySize.remove((long) size << 32 | offset);
    return size;
  }

  /** Takes the free cell out that ends at an offset; its own offset, -1 if there is none. */
  int removeEndingAt(int end) {
    Map.Entry<Integer, Integer> before = sizes.lowerEntry(end);
    if (before == null || before.getKey() + before.getValue() != end) {
      return -1;
    }
    int offset = before.getKey();
    remove(offset);
    return offset;
  }

  /** Whether bytes lie in one free cell. */
  boolean covers(int offset, int length) {
    Map.Entry<Integer, Integer> cell = sizes.floorEntry(offset);
    return cell != null && cell.getKey() + cell.getValue() >= offset + length;
  }
}
