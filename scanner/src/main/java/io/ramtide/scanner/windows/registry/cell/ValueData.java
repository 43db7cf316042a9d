package io.ramtide.scanner.windows.registry.cell;

import io.ramtide.scanner.windows.hive.Cell;
import io.ramtide.scanner.windows.registry.cell.Budget.Reading;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The data of a value: inside its cell, in a cell of its own, or in segments (db). */
final class ValueData {
  private static final Cell.Missing NO_BIG_DATA = new Cell.Missing("not big data");
  private static final byte[] EMPTY = new byte[0];

  private final CellReader reader;
  private final CellTypes types;
  private final Budget budget;
  private final boolean hasBigData;

  /** Of the value read last; null: nothing of it could be read. */
  private byte[] data;

  private String status;

  ValueData(CellReader reader, CellTypes types, Budget budget, int minor) {
    this.reader = reader;
    this.types = types;
    this.budget = budget;
    this.hasBigData = minor >= CellFacts.ALL.bigSinceMinor;
  }

  byte[] data() {
    return data;
  }

  /** Null: it was read whole. */
  String status() {
    return status;
  }

  /** Bytes of data that a value (vk) tells of. */
  long length(ByteBuffer value) {
    int length = value.getInt(types.dataLength);
    return length & ~CellFacts.ALL.inline;
  }

  void read(ByteBuffer value) {
    data = null;
    status = null;
    int length = (int) length(value);
    if ((value.getInt(types.dataLength) & CellFacts.ALL.inline) != 0) {
      inline(value, length);
    } else if (length == 0) {
      data = EMPTY;
    } else if (hasBigData && length > CellFacts.ALL.bigAbove) {
      big(value.getInt(types.data), length);
    } else {
      plain(value.getInt(types.data), length);
    }
  }

  private void inline(ByteBuffer value, int length) {
    int known = Math.min(length, CellFacts.ALL.inlineMost);
    data = new byte[known];
    value.get(types.data, data);
    status = known < length ? "cut: it cannot be longer where it is" : null;
  }

  private void plain(int cell, int length) {
    Cell read = reader.read(Reading.DATA, cell, 1);
    if (read instanceof Cell.Present found) {
      int known = Math.min(length, found.bytes().limit());
      if (!budget.data(known)) {
        status = Budget.TOO_LARGE;
        return;
      }
      data = new byte[known];
      found.bytes().get(0, data);
      status = known < length ? "cut: its cell ends" : null;
    } else {
      status = ((Cell.Missing) read).why();
    }
  }

  private void big(int cell, int length) {
    Cell read = reader.read(Reading.DATA, cell, types.bigList + Integer.BYTES);
    if (!(read instanceof Cell.Present head)) {
      status = ((Cell.Missing) read).why();
      return;
    }
    if (head.bytes().getShort(0) != CellFacts.ALL.bigData) {
      status = NO_BIG_DATA.why();
      return;
    }
    int segments = CellReader.u16(head.bytes(), types.bigCount);
    if (!budget.data(Math.min(length, (long) segments * CellFacts.ALL.bigSegment))) {
      status = Budget.TOO_LARGE;
      return;
    }
    Cell list = reader.read(Reading.DATA, head.bytes().getInt(types.bigList), 1);
    if (list instanceof Cell.Present found) {
      segments(found.bytes(), segments, length);
    } else {
      status = ((Cell.Missing) list).why();
    }
  }

  /** Ends where the first segment is missing. Grows by what is there, not by what is promised. */
  private void segments(ByteBuffer list, int segments, int length) {
    byte[] bytes = new byte[Math.min(length, CellFacts.ALL.bigSegment)];
    int done = 0;
    String why = null;
    for (int i = 0; done < length && why == null; i++) {
      int wanted = Math.min(length - done, CellFacts.ALL.bigSegment);
      if (i == segments || Integer.BYTES * (i + 1) > list.limit()) {
        why = "it has too few segments";
        break;
      }
      Cell read = reader.read(Reading.DATA, list.getInt(Integer.BYTES * i), wanted);
      if (read instanceof Cell.Present segment) {
        if (done + wanted > bytes.length) {
          bytes = Arrays.copyOf(bytes, Math.min(length, Math.max(2 * done, done + wanted)));
        }
        segment.bytes().get(0, bytes, done, wanted);
        done += wanted;
      } else {
        why = ((Cell.Missing) read).why();
      }
    }
    data = done == 0 ? null : done == bytes.length ? bytes : Arrays.copyOf(bytes, done);
    if (why != null) {
      status = done == 0 ? why : "cut: " + why;
    }
  }
}
