package io.ramtide.scanner.signature;

import java.util.Arrays;
import java.util.List;

/** A perfect hash of some dozens of ints: one multiplication, one look-up, one comparison. */
final class SlotTable {
  /** Constant, so that the compiler knows every index; the table fits the fastest cache. */
  private static final int BITS = 8;

  static final int SHIFT = Integer.SIZE - BITS;
  private static final int TRIES = 1 << 16;
  private static final int EMPTY = -1;

  private final int[] values = new int[1 << BITS];
  private final int[] numbers = new int[1 << BITS];
  private int multiplier = 0x9e3779b1;

  /**
   * @param signatures distinct values
   * @throws IllegalArgumentException if they are not, or too many
   */
  SlotTable(List<Integer> signatures) {
    for (int i = 0; i < TRIES; i++) {
      if (fill(signatures)) {
        return;
      }
      multiplier = (multiplier * 0x2c1b3c6d + 0x297a2d38) | 1;
    }
    throw new IllegalArgumentException("not distinct, or too many: " + signatures);
  }

  private boolean fill(List<Integer> signatures) {
    Arrays.fill(numbers, EMPTY);
    for (int i = 0; i < signatures.size(); i++) {
      int slot = slot(signatures.get(i));
      if (numbers[slot] != EMPTY) {
        return false;
      }
      values[slot] = signatures.get(i);
      numbers[slot] = i;
    }
    for (int slot = 0; slot < values.length; slot++) {
      if (numbers[slot] == EMPTY) {
        values[slot] = stranger(slot);
      }
    }
    return true;
  }

  /** A value that hashes elsewhere: an empty slot never matches. */
  private int stranger(int slot) {
    int value = 0;
    while (slot(value) == slot) {
      value++;
    }
    return value;
  }

  private int slot(int value) {
    return (value * multiplier) >>> SHIFT;
  }

  /** Of {@code (value * multiplier) >>> SHIFT}: the one value that can be there. */
  int[] values() {
    return values;
  }

  int multiplier() {
    return multiplier;
  }

  /** Position of a value in the list the table was made of, or -1. */
  int number(int value) {
    int slot = slot(value);
    return values[slot] == value ? numbers[slot] : EMPTY;
  }
}
