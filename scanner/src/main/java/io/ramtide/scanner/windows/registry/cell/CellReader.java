package io.ramtide.scanner.windows.registry.cell;

import io.ramtide.scanner.windows.guest.GuestText;
import io.ramtide.scanner.windows.hive.Cell;
import io.ramtide.scanner.windows.hive.HiveCells;
import io.ramtide.scanner.windows.registry.cell.Budget.Reading;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads cells of a hive, and keeps which blocks they lie in. */
final class CellReader {
  /** HCELL_NIL. */
  static final int NONE = -1;

  static final Cell.Missing FREE = new Cell.Missing("free cell");
  static final Cell.Missing TOO_SMALL = new Cell.Missing("cell too small");

  private static final int SIZE_FIELD = 4;
  private static final int BLOCK_SHIFT = 12;
  private static final int VOLATILE_BIT = 1 << 31;
  private static final int MAX_BLOCKS = 4096;

  private final HiveCells cells;
  private final Budget budget;
  private int[] blocks = new int[16];
  private int touched;
  private byte[] text = new byte[1 << 10];

  CellReader(HiveCells cells, Budget budget) {
    this.cells = cells;
    this.budget = budget;
  }

  /** Block that a cell begins in: bit 31 its storage, the rest the number there. */
  static int block(int cell) {
    return (cell & VOLATILE_BIT) | ((cell & ~VOLATILE_BIT) >>> BLOCK_SHIFT);
  }

  /** Forgets what blocks were read. */
  void begin() {
    touched = 0;
  }

  /** Blocks that were read since, or were to be. */
  int[] blocks() {
    return Arrays.copyOf(blocks, touched);
  }

  /** Whether so much was read that {@link #blocks} is not all of it. */
  boolean isOverflown() {
    return touched == MAX_BLOCKS;
  }

  /** Reads a cell that is in use and has at least some bytes. */
  Cell read(Reading what, int cell, int least) {
    return used(any(what, cell), least);
  }

  /** Reads a cell, but does not keep its blocks. */
  Cell peek(int cell, int least) {
    return used(charged(Reading.HEADS, cell), least);
  }

  private static Cell used(Cell found, int least) {
    if (!(found instanceof Cell.Present present)) {
      return found;
    }
    if (present.isFree()) {
      return FREE;
    }
    return present.bytes().limit() < least ? TOO_SMALL : present;
  }

  private Cell any(Reading what, int cell) {
    Cell found = charged(what, cell);
    int bytes = found instanceof Cell.Present present ? present.bytes().limit() : 0;
    int first = block(cell);
    int last = first + (((cell & (HiveCells.BLOCK - 1)) + SIZE_FIELD + bytes - 1) >>> BLOCK_SHIFT);
    for (int block = first; block <= last; block++) {
      touch(block);
    }
    return found;
  }

  private Cell charged(Reading what, int cell) {
    if (!budget.canRead(what)) {
      return Budget.TOO_MUCH;
    }
    Cell found = cells.cell(cell);
    if (found instanceof Cell.Present present) {
      budget.read(what, present.bytes().limit());
    }
    return found;
  }

  void touch(int block) {
    for (int i = touched - 1; i >= 0 && i >= touched - 16; i--) {
      if (blocks[i] == block) {
        return;
      }
    }
    if (touched == MAX_BLOCKS) {
      return;
    }
    if (touched == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * touched);
    }
    blocks[touched++] = block;
  }

  /** A name in a cell; cut where the cell ends. */
  String name(ByteBuffer cell, int at, int length, boolean isOneByte) {
    int known = Math.max(0, Math.min(length, cell.limit() - at));
    if (known > text.length) {
      text = new byte[known];
    }
    cell.get(at, text, 0, known);
    return isOneByte
        ? new String(text, 0, known, StandardCharsets.ISO_8859_1)
        : GuestText.decode(text, 0, known & ~1);
  }

  /** Names are short, and their lengths two bytes. */
  static int u16(ByteBuffer cell, int at) {
    return cell.getShort(at) & 0xffff;
  }
}
