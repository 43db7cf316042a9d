package io.ramtide.scanner.paging;

import io.ramtide.scanner.memory.FrameReader;
import io.ramtide.scanner.memory.PhysicalMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Virtual memory under one page-table root. Not thread-safe. */
public final class AddressSpace {
  private static final int OFFSET_MASK = PhysicalMemory.FRAME_BYTES - 1;

  private final PageTables tables;
  private final FrameReader frames;

  public AddressSpace(PageTables tables) {
    this.tables = tables;
    this.frames = tables.frames();
  }

  /**
   * What a read gave. Pages that are zeros by demand count as read.
   *
   * @param bytes how many were read, from the start on, without a gap
   * @param gap why it stopped there, if it is fewer than asked for
   * @param pieces what did not come from a frame, ascending: gaps, and zeros by demand
   */
  public record ReadResult(int bytes, Optional<Translation> gap, List<Piece> pieces) {
    public boolean isComplete() {
      return gap.isEmpty();
    }

    /** The pieces that could not be read. */
    public List<Piece> gaps() {
      return pieces.stream().filter(Piece::isMissing).toList();
    }
  }

  /**
   * Consecutive bytes that did not come from a frame, all for the same reason.
   *
   * @param offset from the start of the read
   * @param why at the first of them
   */
  public record Piece(int offset, int length, Translation why) {
    /** Whether it could not be read; else it is zeros by demand. */
    public boolean isMissing() {
      return !(why instanceof Translation.Zeros);
    }

    /** The offset after its last byte. */
    public int end() {
      return offset + length;
    }
  }

  public PageTables tables() {
    return tables;
  }

  public PagingMode mode() {
    return tables.mode();
  }

  /** This address space, with answers for what its page tables leave to the VADs. */
  public AddressSpace with(VadLookup vads) {
    return new AddressSpace(tables.process(tables.root(), vads));
  }

  /** Copies {@code length} bytes from {@code va} on, up to the first that cannot be read. */
  public ReadResult read(long va, byte[] target, int offset, int length) {
    return read(va, target, offset, length, false);
  }

  /**
   * Copies what can be read of {@code length} bytes from {@code va} on, and says what is missing;
   * the target keeps its bytes there.
   */
  public ReadResult readAround(long va, byte[] target, int offset, int length) {
    return read(va, target, offset, length, true);
  }

  private ReadResult read(long va, byte[] target, int offset, int length, boolean goOn) {
    List<Piece> pieces = List.of();
    int prefix = -1;
    Translation gap = null;
    int done = 0;
    while (done < length) {
      long at = va + done;
      int part = Math.min(length - done, PhysicalMemory.FRAME_BYTES - ((int) at & OFFSET_MASK));
      long gpa = tables.mapped(at);
      if (gpa < 0 || frames.read(gpa, target, offset + done, part) < part) {
        Translation where = locate(at);
        if (where instanceof Translation.Zeros) {
          Arrays.fill(target, offset + done, offset + done + part, (byte) 0);
        } else if (gap == null) {
          gap = where;
          prefix = done;
        }
        if (gap != null && !goOn) {
          part = length - done;
        }
        pieces = with(pieces, new Piece(done, part, where));
      }
      done += part;
    }
    return gap == null
        ? new ReadResult(length, Optional.empty(), pieces)
        : new ReadResult(prefix, Optional.of(gap), pieces);
  }

  /** Joins what follows for the same reason: a gap of many pages is one piece. */
  private static List<Piece> with(List<Piece> pieces, Piece next) {
    List<Piece> all = pieces.isEmpty() ? new ArrayList<>(2) : pieces;
    Piece last = all.isEmpty() ? null : all.get(all.size() - 1);
    if (last != null
        && last.end() == next.offset()
        && last.why().status().equals(next.why().status())) {
      all.set(all.size() - 1, new Piece(last.offset(), last.length() + next.length(), last.why()));
    } else {
      all.add(next);
    }
    return all;
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

  /** GPA of {@code va}, if its page has a frame that can be read. */
  public OptionalLong gpa(long va) {
    long gpa = tables.mapped(va);
    return gpa >= 0 && frames.frame(gpa).isPresent() ? OptionalLong.of(gpa) : OptionalLong.empty();
  }

  /** The little-endian eight bytes at {@code va}, if they can be read. */
  public OptionalLong qword(long va) {
    if (((int) va & OFFSET_MASK) <= PhysicalMemory.FRAME_BYTES - Long.BYTES) {
      long gpa = tables.mapped(va);
      if (gpa >= 0) {
        return frames.qword(gpa);
      }
    }
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
