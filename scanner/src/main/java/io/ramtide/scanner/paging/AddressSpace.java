package io.ramtide.scanner.paging;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;

/** Virtual memory under one page-table root. Not thread-safe. */
public final class AddressSpace {
  private final PageTables tables;
  private final FrameReader frames;

  public AddressSpace(PageTables tables) {
    this.tables = tables;
    this.frames = tables.frames();
  }

  /**
   * What a read gave.
   *
   * @param bytes how many were read, from the start on
   * @param gap why it stopped there, if it is fewer than asked for
   */
  public record ReadResult(int bytes, Optional<Translation> gap) {
    public boolean isComplete() {
      return gap.isEmpty();
    }
  }

  public PageTables tables() {
    return tables;
  }

  public PagingMode mode() {
    return tables.mode();
  }

  /** Copies {@code length} bytes from {@code va} on, as far as they can be read. */
  public ReadResult read(long va, byte[] target, int offset, int length) {
    int done = 0;
    while (done < length) {
      long at = va + done;
      Translation where = locate(at);
      if (!(where instanceof Translation.Mapped mapped)) {
        return new ReadResult(done, Optional.of(where));
      }
      int inFrame = (int) at & (PhysicalMemory.FRAME_BYTES - 1);
      int part = Math.min(length - done, PhysicalMemory.FRAME_BYTES - inFrame);
      done += frames.read(mapped.gpa(), target, offset + done, part);
    }
    return new ReadResult(done, Optional.empty());
  }

  /** As {@link PageTables#translate}, but mapped means also that the page's frame can be read. */
  public Translation locate(long va) {
    Translation where = tables.translate(va);
    if (where instanceof Translation.Mapped mapped && frames.frame(mapped.gpa()).isEmpty()) {
      long frame = mapped.gpa() & -PhysicalMemory.FRAME_BYTES;
      return new Translation.NotCaptured(va, frame, frames.memory().status(frame), "page");
    }
    return where;
  }

  /** GPA of {@code va}, if its page can be read. */
  public OptionalLong gpa(long va) {
    return locate(va) instanceof Translation.Mapped mapped
        ? OptionalLong.of(mapped.gpa())
        : OptionalLong.empty();
  }

  /** The little-endian eight bytes at {@code va}, if they can be read. */
  public OptionalLong qword(long va) {
    byte[] bytes = new byte[Long.BYTES];
    return read(va, bytes, 0, bytes.length).isComplete()
        ? OptionalLong.of(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong())
        : OptionalLong.empty();
  }

  /** The little-endian four bytes at {@code va}, if they can be read. */
  public OptionalLong dword(long va) {
    byte[] bytes = new byte[Integer.BYTES];
    return read(va, bytes, 0, bytes.length).isComplete()
        ? OptionalLong.of(
            Integer.toUnsignedLong(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt()))
        : OptionalLong.empty();
  }
}
