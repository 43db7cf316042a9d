package io.ramtide.scanner.signature;

import java.util.Arrays;
import java.util.List;

/** A perfect hash of a few ints: one multiplication, one look-up, one comparison. */
final class SlotTable {
  private static final int MIN_BITS = 4;
  private static final int MAX_BITS = 16;
  private static final int TRIES = 1 << 12;

  private final int[] values;
  private final int[] numbers;
  private final int multiplier;
  private final int shift;

  private SlotTable(int[] values, int[] numbers, int multiplier, int shift) {
    this.values = values;
    this.numbers = numbers;
    this.multiplier = multiplier;
    this.shift = shift;
  }

  /**
   * @param signatures distinct values
   */
  static SlotTable of(List<Integer> signatures) {
    for (int bits = MIN_BITS; bits <= MAX_BITS; bits++) {
      int multiplier = 0x9e3779b1;
      for (int i = 0; i < TRIES; i++) {
        SlotTable table = tryOf(signatures, multiplier, Integer.SIZE - bits);
        if (table != null) {
          return table;
        }
        multiplier = (multiplier * 0x2c1b3c6d + 0x297a2d38) | 1;
      }
    }
    throw new IllegalArgumentException("not distinct: " + signatures);
  }

  private static SlotTable tryOf(List<Integer> signatures, int multiplier, int shift) {
    int[] values = new int[1 << (Integer.SIZE - shift)];
    int[] numbers = new int[values.length];
    Arrays.fill(numbers, -1);
    for (int i = 0; i < signatures.size(); i++) {
      int slot = (signatures.get(i) * multiplier) >>> shift;
      if (numbers[slot] >= 0) {
        return null;
      }
      values[slot] = signatures.get(i);
      numbers[slot] = i;
    }
    // An empty slot holds a value that hashes elsewhere, so that it never matches.
    for (int slot = 0; slot < values.length; slot++) {
      int stranger = 1;
      while (numbers[slot] < 0 && (stranger * multiplier) >>> shift == slot) {
        stranger++;
      }
      values[slot] = numbers[slot] < 0 ? stranger : values[slot];
    }
    return new SlotTable(values, numbers, multiplier, shift);
  }

  int[] values() {
    return values;
  }

  int multiplier() {
    return multiplier;
  }

  int shift() {
    return shift;
  }

  /** Position in the list the table was made of; only for a value that is in it. */
  int number(int value) {
    return numbers[(value * multiplier) >>> shift];
  }
}
