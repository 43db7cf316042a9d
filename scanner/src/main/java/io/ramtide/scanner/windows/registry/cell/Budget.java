package io.ramtide.scanner.windows.registry.cell;

import io.ramtide.scanner.windows.hive.Cell;
import io.ramtide.scanner.windows.hive.HiveCells;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * What a hive may cost. Cells that refer to one cell again and again make much of little; an honest
 * hive has no more of anything than its storage has room for.
 */
public final class Budget {
  /** Of values, of one key; Windows itself allows a value 1 MiB, and larger ones are rare. */
  static final long KEY_DATA = 16L << 20;

  static final Cell.Missing TOO_MANY =
      new Cell.Missing("left out: its lists have more entries than it has room for");
  static final Cell.Missing TOO_MUCH =
      new Cell.Missing("left out: its cells refer to others more often than they can");
  static final String TOO_LARGE =
      "left out: larger than a key's values, or those of its hive, can be together";

  /** What cells are read for: what is spent on one does not hide the others. */
  enum Reading {
    HEADS(0),
    LISTS(1),
    DATA(2);

    private final int pool;

    Reading(int pool) {
      this.pool = pool;
    }
  }

  private static final long MAX_HELD = 32L << 20;
  private static final int TIMES_ITS_SIZE = 4;

  /** Every cell is read twice or so; what many refer to is kept. */
  private static final int READ_TIMES = 16;

  private static final long LEAST = 1 << 16;

  /** An entry of a list is at least four bytes, and what it refers to at least twenty. */
  private static final int ENTRY = 16;

  private long entries;
  private long bytes;
  private final long[] reads = new long[Reading.values().length];
  private long ofKey;
  private boolean isSpent;

  public Budget(HiveCells cells) {
    long size = Math.max(LEAST, frames(cells) * HiveCells.BLOCK);
    entries = size / ENTRY;
    bytes = size * TIMES_ITS_SIZE;
    Arrays.fill(reads, size * READ_TIMES);
  }

  /** What a hive really has: its map may have one frame in many places. */
  private static long frames(HiveCells cells) {
    return IntStream.of(HiveCells.STABLE, HiveCells.VOLATILE)
        .boxed()
        .flatMapToLong(
            storage ->
                IntStream.range(0, cells.blocks(storage))
                    .mapToObj(block -> cells.gpa(storage, block))
                    .flatMapToLong(OptionalLong::stream))
        .sorted()
        .distinct()
        .count();
  }

  /** For findings that are held back, all at once, before they are told. */
  public Budget ofHeld() {
    bytes = Math.min(bytes, MAX_HELD);
    return this;
  }

  /** Takes the reading of a cell. */
  void read(Reading what, int length) {
    reads[what.pool] -= length;
    isSpent |= !canRead(what);
  }

  /** Takes entries of lists; fewer where there are no more. */
  int entries(int wanted) {
    int given = (int) Math.min(wanted, entries);
    entries -= given;
    isSpent |= given < wanted;
    return given;
  }

  boolean canRead(Reading what) {
    return reads[what.pool] >= 0;
  }

  /** Begins with another key. */
  void nextKey() {
    ofKey = KEY_DATA;
  }

  /** Takes bytes of a value. */
  boolean data(long wanted) {
    if (wanted > ofKey || wanted > bytes) {
      isSpent = true;
      return false;
    }
    ofKey -= wanted;
    bytes -= wanted;
    return true;
  }

  /** Takes the characters of a path. */
  public boolean text(long wanted) {
    if (wanted > bytes) {
      isSpent = true;
      return false;
    }
    bytes -= wanted;
    return true;
  }

  /** Says that not all can be kept that was read. */
  void overflow() {
    isSpent = true;
  }

  /** Whether something was left out, or not kept. */
  public boolean isSpent() {
    return isSpent;
  }
}
