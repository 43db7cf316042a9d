package io.ramtide.scanner.windows.thread;

import io.ramtide.scanner.memory.PhysicalMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The bytes at a place that may be an ETHREAD, as far as its pages could be read. */
final class RawThread {
  private static final int STATE_TERMINATED = 4;
  static final int STATE_WAITING = 5;
  static final int DISPATCHER_TYPE = 6;
  private static final int PAGE_SHIFT = 12;

  private final ThreadLayout layout;
  private final OptionalLong gpa;
  private final OptionalLong va;
  private final ByteBuffer bytes;
  private final boolean[] readPages;
  private final int inPage;

  /**
   * @param gpa of the first byte, if its page could be read
   * @param va of the first byte, if a mapping is known
   * @param inPage where in its page the first byte is
   * @param readPages which of the pages that it spans could be read
   */
  RawThread(
      ThreadLayout layout,
      OptionalLong gpa,
      OptionalLong va,
      byte[] bytes,
      int inPage,
      boolean[] readPages) {
    this.layout = layout;
    this.gpa = gpa;
    this.va = va;
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.readPages = readPages;
    this.inPage = inPage;
  }

  /** How many pages {@code size} bytes span that begin {@code inPage} bytes into a page. */
  static int pages(int inPage, int size) {
    return (inPage + size + PhysicalMemory.FRAME_BYTES - 1) >>> PAGE_SHIFT;
  }

  /** Names it among others: its GPA if known, else its VA, which is never a GPA. */
  long key() {
    return gpa.isPresent() ? gpa.getAsLong() : va.orElseThrow();
  }

  OptionalLong gpa() {
    return gpa;
  }

  OptionalLong va() {
    return va;
  }

  private boolean isRead(int offset, int length) {
    int last = (inPage + offset + length - 1) >>> PAGE_SHIFT;
    for (int page = (inPage + offset) >>> PAGE_SHIFT; page <= last; page++) {
      if (page >= readPages.length || !readPages[page]) {
        return false;
      }
    }
    return true;
  }

  OptionalLong qword(int offset) {
    return isRead(offset, Long.BYTES)
        ? OptionalLong.of(bytes.getLong(offset))
        : OptionalLong.empty();
  }

  private OptionalInt octet(int offset) {
    return isRead(offset, 1) ? OptionalInt.of(bytes.get(offset) & 0xff) : OptionalInt.empty();
  }

  /** Whether its dispatcher header is a thread's, as far as that can be read. */
  boolean mayHaveThreadHeader() {
    OptionalInt type = octet(layout.headerType());
    return type.isEmpty() || type.getAsInt() == DISPATCHER_TYPE;
  }

  boolean hasThreadHeader() {
    return octet(layout.headerType()).orElse(-1) == DISPATCHER_TYPE;
  }

  /** VA of the EPROCESS it names. */
  OptionalLong process() {
    return qword(layout.process());
  }

  OptionalLong tid() {
    return qword(layout.tid());
  }

  OptionalLong pid() {
    return qword(layout.pid());
  }

  OptionalLong teb() {
    return qword(layout.teb());
  }

  OptionalInt state() {
    return octet(layout.state());
  }

  /** Whether it will not run again: it has ended, by its state. */
  boolean hasEnded() {
    return state().orElse(-1) == STATE_TERMINATED;
  }

  OptionalInt waitReason() {
    return octet(layout.waitReason());
  }

  OptionalLong createTime() {
    return qword(layout.createTime());
  }

  /** Shares its place with a list of waits, which holds kernel addresses, while the thread runs. */
  OptionalLong exitTime() {
    OptionalLong time = qword(layout.exitTime());
    return time.isPresent() && time.getAsLong() < 0 ? OptionalLong.of(0) : time;
  }

  /** VA where it began: Win32StartAddress where there is one, else StartAddress. */
  OptionalLong startAddress() {
    OptionalLong own = qword(layout.win32StartAddress());
    return own.orElse(-1) == 0 ? qword(layout.startAddress()) : own;
  }
}
